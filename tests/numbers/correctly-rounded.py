# Makes correctly-rounded.csv: values of the functions in src/numbers/ at 240 bits, by mpmath 1.3, as the nearest double and what it
# leaves out. Run: python3 tests/numbers/correctly-rounded.py > tests/numbers/correctly-rounded.csv
import random

from mpmath import erfc, exp, log, mp, mpf, pi, sqrt

mp.prec = 240
random.seed(5)


def quantile(p):
    """The z below which a standard normal value lies with probability p, p <= 1/2, by Newton's steps in the logarithm."""
    size = -2 * log(p)
    z = sqrt(size - log(2 * pi * size)) if p < 0.2 else (mpf(1) / 2 - p) * sqrt(2 * pi)
    while True:
        tail = erfc(z / sqrt(mpf(2))) / 2
        step = (log(tail) - log(p)) * tail / (exp(-z * z / 2) / sqrt(2 * pi))
        z += step
        if abs(step) <= abs(z) * mpf(10) ** -60:
            return -z


def row(name, x, y, value):
    high = float(value)
    print(f"{name},{x!r},{'' if y is None else repr(y)},{high!r},{float(value - mpf(high))!r}")


def near_one():
    return 1 + random.uniform(-1, 1) * 10 ** random.uniform(-12, -1)


print("function,x,y,value,remainder")
for _ in range(150):
    x = random.uniform(-1, 1) * random.choice([1e-3, 1, 30, 700])
    row("exp", x, None, exp(mpf(x)))
    x = random.choice([random.uniform(0.5, 2), near_one(), 10 ** random.uniform(-300, 300), 5e-324 * random.randint(1, 10**12)])
    row("log", x, None, log(mpf(x)))
    row("log2", x, None, log(mpf(x)) / log(mpf(2)))
for _ in range(250):
    x = random.choice([random.uniform(0.5, 2), near_one(), 10 ** random.uniform(-30, 30)])
    most = 690 / abs(float(log(mpf(x))))
    y = random.choice([random.uniform(-most, most), random.randint(-200, 200) / 12, float(random.randint(-40, 40))])
    if abs(y) <= most:
        row("power", x, y, mpf(x) ** mpf(y))
for _ in range(250):
    p = random.choice(
        [
            random.uniform(0, 0.5),
            random.uniform(0.2, 0.3),
            2 ** -random.uniform(1, 54),
            10 ** -random.uniform(1, 300),
            0.5 - 10 ** -random.uniform(1, 16),
        ]
    )
    row("normalQuantile", p, None, quantile(mpf(p)))
