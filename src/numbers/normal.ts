/** The standard normal distribution, with the same bits in every reader of `Arithmetic` and on every machine. */
import type { Arithmetic } from "./arithmetic.ts";
import { exp, logOf } from "./exponential.ts";
import { polynomial, productOf, sumOf } from "./pair.ts";

/** The root of 2 pi, to 106 bits. */
const SLOPE = { high: 2.5066282746310007, low: -1.8328579980459167e-16 } as const;

/** (z / q - root of 2 pi) / q^2 in q^2, up to q = 1/4, within 3e-19 of z. */
const CENTRE = {
  above: [
    2.624934990953735, -20.681599338710672, 51.42005094919337, -40.69125633622334, 2.537249707571674,
    0.517610792029832,
  ],
  below: [1, -10.078014491212857, 35.78302661323007, -51.95838197081475, 25.155608309336046],
} as const;

/** A range of r = root of -2 ln p, from `start` on: z less (1 + slope) r + offset, in r - start, within 5e-18 of z. */
type Tail = {
  readonly start: number;
  readonly slope: number;
  readonly offset: number;
  readonly above: readonly number[];
  readonly below: readonly number[];
};

const NEAR_TAIL: Tail = {
  start: 1.625,
  slope: 0.125,
  offset: -1.1875,
  above: [
    -0.018871049549646197, 0.16674239136043636, 0.1485777434916454, 0.023028355175181144,
    -0.002137423361145838, -0.0004750235101927702, -0.0005413175651898875, -0.00006517833599854244,
  ],
  below: [
    1, 1.4827945394635293, 0.815914663659833, 0.23482236983283322, 0.05056947548754075, 0.008296801285839728,
    0.000524271599093686, -5.05157471157692e-8,
  ],
};

const MIDDLE_TAIL: Tail = {
  start: 4,
  slope: 0.125,
  offset: -1.1875,
  above: [
    0.08869265614466552, 0.07265958937203201, -0.01434664229522221, -0.024561736741447897,
    -0.006289502222379664, -0.0005147173871266014, -0.000008070183925135624, 2.1713970353164315e-7,
  ],
  below: [
    1, 1.1755582608695456, 0.44912942761566027, 0.07152777717536006, 0.004480819208918307,
    0.00005536509929079797, -0.000001740564293061766, 2.4985266199202808e-11,
  ],
};

const FAR_TAIL: Tail = {
  start: 10,
  slope: 0,
  offset: -0.1875,
  above: [
    -0.13767471638764348, -0.022788752224880537, -0.00015662683837150003, 0.0001519095127303078,
    0.00000959967905158933, 2.1498798119457596e-7, 1.76150647552928e-9, 3.772252715640407e-12,
  ],
  below: [
    1, 0.3318900931692299, 0.04304782156820095, 0.002761143859665762, 0.00009146451843147484,
    0.0000014905084973233019, 1.0263736015668335e-8, 2.0210225733759433e-11,
  ],
};

/**
 * Quantile of the standard normal distribution: the z with `normalCdf(z) = probability`.
 *
 * Identities: 0 at 0.5 exactly, and `normalQuantile(1 - p) = -normalQuantile(p)` wherever 1 - p is exact.
 *
 * @param probability of a value below, in (0, 1)
 * @return z, dimensionless, at most one unit in the last place off; -Infinity at 0, Infinity at 1, NaN outside [0, 1]
 *
 * Fails: never. Cost: one quotient of polynomials in the middle half; outside a logarithm, a root and another.
 * Source: the form (a straight line kept in full, and a quotient for the small rest) and its coefficients are ours, by
 * weighted least squares at 64 Chebyshev points in 200 bits; tests/numbers compares with the integral.
 */
export function normalQuantile<N, T>(o: Arithmetic<N, T>, probability: N): N {
  const half = o.constant(0.5);
  const isLower = o.less(probability, half);
  const p = o.select(isLower, probability, o.subtract(o.constant(1), probability));
  const size = o.where(o.less(p, o.constant(0.25)), centralQuantile(o, o.subtract(half, p)), () =>
    tailQuantile(o, p),
  );
  const zero = o.constant(0);
  const sized = o.select(o.equal(p, zero), o.constant(Number.POSITIVE_INFINITY), size);
  const z = o.select(isLower, o.multiply(sized, o.constant(-1)), sized);
  return o.select(o.atMost(zero, p), z, o.constant(Number.NaN));
}

/** z at 0.5 + q, for q from 0 to 1/4. */
function centralQuantile<N, T>(o: Arithmetic<N, T>, q: N): N {
  const line = productOf(o, q, o.constant(SLOPE.high));
  const square = o.multiply(q, q);
  const quotient = o.divide(polynomial(o, square, CENTRE.above), polynomial(o, square, CENTRE.below));
  const curve = o.multiply(o.multiply(q, square), quotient);
  return o.add(line.high, o.add(o.add(line.low, o.multiply(q, o.constant(SLOPE.low))), curve));
}

/** z beyond which lies p, for p below 1/4. */
function tailQuantile<N, T>(o: Arithmetic<N, T>, p: N): N {
  const logarithm = logOf(o, p);
  const high = o.multiply(logarithm.high, o.constant(-2));
  const root = o.sqrt(high);
  const square = productOf(o, root, root);
  const left = o.subtract(o.subtract(high, square.high), square.low);
  const low = o.divide(o.add(left, o.multiply(logarithm.low, o.constant(-2))), o.add(root, root));
  const middle = o.where(
    o.atMost(o.constant(MIDDLE_TAIL.start), root),
    quantileInTail(o, NEAR_TAIL, root, low),
    () => quantileInTail(o, MIDDLE_TAIL, root, low),
  );
  return o.where(o.atMost(o.constant(FAR_TAIL.start), root), middle, () =>
    quantileInTail(o, FAR_TAIL, root, low),
  );
}

function quantileInTail<N, T>(
  o: Arithmetic<N, T>,
  { start, slope, offset, above, below }: Tail,
  root: N,
  low: N,
): N {
  const raised = sumOf(o, root, o.multiply(root, o.constant(slope)));
  const line = sumOf(o, raised.high, o.constant(offset));
  const distance = o.subtract(root, o.constant(start));
  const quotient = o.divide(polynomial(o, distance, above), polynomial(o, distance, below));
  const rest = o.add(o.multiply(low, o.constant(1 + slope)), o.add(raised.low, line.low));
  return o.add(line.high, o.add(rest, quotient));
}

/** Below this size of z the central approximation holds; from the root of 32 on the asymptotic one. */
const CENTRAL_END = 0.67448975;
const MIDDLE_END = 5.656854249492381;

/** One over the root of 2 pi. */
const DENSITY = 0.3989422804014327;

const CDF_CENTRE = {
  above: [18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837, 0.06568233791820745],
  below: [45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1],
} as const;

const CDF_MIDDLE = {
  above: [
    9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002,
    93.50665613217785, 8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
  ],
  below: [
    19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761,
    1519.3775994075547, 235.387901782625, 22.266688044328117, 1,
  ],
} as const;

const CDF_FAR = {
  above: [
    0.000029112874951168793, 0.0014216191932278934, 0.022235277870649807, 0.12740116116024736,
    0.215898534057957, 0.023073441764940174,
  ],
  below: [
    0.00007297515550839662, 0.0037823963320275824, 0.06598813786892856, 0.4682382124808651, 1.284260096144911,
    1,
  ],
} as const;

/**
 * Probability that a standard normal value is at most z.
 *
 * Identity: `normalCdf(z) + normalCdf(-z) = 1`; each tail is computed by itself, so that its relative accuracy of
 * about 1e-14 holds down to the smallest doubles (z = -37.5).
 *
 * @param z dimensionless; infinities give 0 and 1
 * @return probability in [0, 1]; NaN for NaN
 *
 * Fails: never. Cost: two polynomials of degree 5 or 9 and, beyond the centre, two exponentials.
 * Source: W. J. Cody, "Rational Chebyshev Approximations for the Error Function", Mathematics of Computation 23 (1969)
 * 631-637, with the coefficients for the normal integral of his Algorithm 715 (ANORM), ACM TOMS 19 (1993) 22-32.
 */
export function normalCdf<N, T>(o: Arithmetic<N, T>, z: N): N {
  const size = o.abs(z);
  const square = o.multiply(z, z);
  const inCentre = quotientOf(o, square, CDF_CENTRE);
  const central = o.add(o.constant(0.5), o.multiply(z, inCentre));
  return o.where(o.less(o.constant(CENTRAL_END), size), central, () => {
    const middle = o.multiply(gaussian(o, size), quotientOf(o, size, CDF_MIDDLE));
    const tail = o.where(o.less(o.constant(MIDDLE_END), size), middle, () => farTail(o, size));
    return o.select(o.less(z, o.constant(0)), tail, o.subtract(o.constant(1), tail));
  });
}

function farTail<N, T>(o: Arithmetic<N, T>, size: N): N {
  const inverse = o.divide(o.constant(1), o.multiply(size, size));
  const curve = o.multiply(inverse, quotientOf(o, inverse, CDF_FAR));
  const tail = o.divide(o.multiply(gaussian(o, size), o.subtract(o.constant(DENSITY), curve)), size);
  return o.select(o.less(o.constant(40), size), o.constant(0), tail);
}

/** exp(-x^2 / 2), with x split in two so that the rounding of a large square does not spoil the exponential. */
function gaussian<N, T>(o: Arithmetic<N, T>, size: N): N {
  const coarse = o.multiply(o.floor(o.multiply(size, o.constant(16))), o.constant(1 / 16));
  const rest = o.multiply(o.subtract(size, coarse), o.add(size, coarse));
  const half = o.constant(-0.5);
  return o.multiply(exp(o, o.multiply(o.multiply(coarse, coarse), half)), exp(o, o.multiply(rest, half)));
}

function quotientOf<N, T>(
  o: Arithmetic<N, T>,
  x: N,
  { above, below }: { readonly above: readonly number[]; readonly below: readonly number[] },
): N {
  return o.divide(polynomial(o, x, above), polynomial(o, x, below));
}
