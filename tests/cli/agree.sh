# Krippendorff's alpha from a sheet of labels; the data are those of his example.
. "$TOP/tests/cli/lib.sh"
cat >labels.csv <<'CSV'
A,B,C,D
1,1,,1
2,2,3,2
3,3,3,3
3,3,3,3
2,2,2,2
1,2,3,4
4,4,4,4
1,1,2,1
2,2,2,2
,5,5,5
,,1,1
,,3,
CSV
"$tracelode" agree labels.csv --format csv
"$tracelode" agree labels.csv --columns A,B --format csv
"$tracelode" agree - --columns B,A --seed 7 --resamples 50 --format csv <labels.csv | cut -d , -f 1-4
printf 'a,b\nx,x\nx,x\n' >same.csv
"$tracelode" agree same.csv --format csv
expect 2 "$tracelode" agree labels.csv --columns A
says "at least two"
expect 2 "$tracelode" agree labels.csv --columns A,E
says "there is no column 'E'"
expect 2 "$tracelode" agree labels.csv --columns A,B,A
says "column 'A' is named twice"
expect 3 "$tracelode" agree "$sample"
