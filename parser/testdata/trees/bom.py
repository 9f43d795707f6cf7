x = "é"
y = x
z = 1