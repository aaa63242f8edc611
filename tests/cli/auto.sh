. "$TOP/tests/cli/lib.sh"
# `auto` goes over to the CPU where there is no GPU, and says so; `cuda` never does.
printf '1 2 3\n1 2\n2 3\n' >traces.txt
expect 0 "$tracelode" mine --spmf traces.txt --engine suffix
mv out right
expect 0 "$tracelode" mine --spmf traces.txt
cmp right out
if grep GPU err >&2; then exit 1; fi
export TL_CUDA_LIBRARY=/nowhere/lib.so TL_CUDA_FROM=7
expect 0 "$tracelode" mine --spmf traces.txt
cmp right out
says "mining on the CPU: no GPU engine: /nowhere/lib.so"
expect 0 "$tracelode" mine -q --spmf traces.txt
cmp right out
[ ! -s err ]
expect 2 "$tracelode" mine --spmf traces.txt --engine cuda
says "no GPU engine: /nowhere/lib.so"
[ ! -s out ]
