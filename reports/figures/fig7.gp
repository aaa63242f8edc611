# Figure 7 from fig7.csv: gnuplot fig7.gp
# The other reading: gnuplot -e "profile = 'paper'" fig7.gp
if (!exists("out")) out = "fig7.svg"
if (!exists("profile")) profile = "full"
if (!exists("support")) support = "sequences"
wanted(l) = strcol(1) eq profile && strcol(2) eq support && (l eq "" || strcol(3) eq l)
set terminal svg size 640,520 font "Helvetica,13" noenhanced
set output out
set datafile separator comma

# The libraries, in the order in which they stand in the data, and their places.
array names[256]; n = 0; last = ""
stats "fig7.csv" skip 1 \
      using (l = strcol(3), wanted("") && l ne last && n < 256 ? (n = n + 1, names[n] = l, last = l, 0) : 0) nooutput
place(l) = sum [i=1:n] (names[i] eq l ? i : 0)

set for [i=1:n] xtics (names[1] 1)
set for [i=1:n] xtics add (names[i] i)
set for [i=1:n] ytics add (names[i] i)
set tics scale 0
set xtics rotate by 40 right
set xrange [0.5:n + 0.5]
set yrange [n + 0.5:0.5]
set palette defined (0 "#ffffff", 1 "#0067a5")
set cblabel "patterns in exactly these two libraries"
set cbrange [0:*]
unset key
set style fill solid
plot "fig7.csv" skip 1 \
     using (wanted("") ? place(strcol(3)) : NaN):(place(strcol(4))):(0.5):(0.5):5 with boxxyerror linecolor palette, \
     "" skip 1 using (wanted("") ? place(strcol(3)) : NaN):(place(strcol(4))):(sprintf("%d", column(5))) with labels
