# Figure 5 from fig5.csv: gnuplot fig5.gp
# The other reading: gnuplot -e "profile = 'paper'" fig5.gp
if (!exists("out")) out = "fig5.svg"
if (!exists("profile")) profile = "full"
if (!exists("support")) support = "sequences"
wanted(l) = strcol(1) eq profile && strcol(2) eq support && (l eq "" || strcol(3) eq l)
set terminal svg size 640,420 font "Helvetica,13" noenhanced
set output out
set datafile separator comma
colours = "#0067a5 #c4500a #00805a #a8478a #9a6b00 #3d8fc4 #6b4fa0 #555555"
set for [i=1:words(colours)] linetype i linecolor rgb word(colours, i)

# The libraries, in the order in which they stand in the data.
array names[256]; n = 0; last = ""
stats "fig5.csv" skip 1 \
      using (l = strcol(3), wanted("") && l ne last && n < 256 ? (n = n + 1, names[n] = l, last = l, 0) : 0) nooutput

set xlabel "frames"
set ylabel "closed patterns with at most so many frames (%)"
set logscale x
set xrange [1:*]
set yrange [0:100]
set grid ytics linecolor "#dddddd"
set key outside right top
plot for [i=1:n] "fig5.csv" skip 1 \
     using (wanted(names[i]) ? column(4) : NaN):5 with steps linewidth 2 title names[i]
