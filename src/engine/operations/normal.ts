/**
 * The standard normal distribution, ours because it sits in the loop over trials.
 *
 * Both functions are pure arithmetic with `Math.exp`, `Math.log` and `Math.sqrt`; they allocate nothing.
 * Coefficients are written with the digits that a double keeps.
 */

/**
 * Quantile of the standard normal distribution: the z with `normalCdf(z) = probability`.
 *
 * Identities: 0 at 0.5 exactly, and `normalQuantile(1 - p) = -normalQuantile(p)` up to the rounding of 1 - p.
 *
 * @param probability of a value below, in (0, 1)
 * @return z, dimensionless; -Infinity at 0, Infinity at 1, NaN outside [0, 1]
 *
 * Fails: never. Cost: one or two polynomials of degree 7, in the tails a logarithm and a root.
 * Source: M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37
 * (1988) 477-484, routine PPND16, relative accuracy about 1e-16.
 */
export function normalQuantile(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    const above =
      ((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r +
        13731.69376550946) *
        r +
        1971.5909503065513) *
        r +
        133.14166789178438) *
        r +
      3.3871328727963665;
    const below =
      ((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) *
        r +
        5394.196021424751) *
        r +
        687.1870074920579) *
        r +
        42.31333070160091) *
        r +
      1;
    return (q * above) / below;
  }
  const tail = q < 0 ? probability : 1 - probability;
  if (!(tail > 0))
    return tail === 0 ? (q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number.NaN;
  const size = tailQuantile(Math.sqrt(-Math.log(tail)));
  return q < 0 ? -size : size;
}

/** The two outer ranges of AS 241, of the root of minus the logarithm of the tail's probability. */
function tailQuantile(root: number): number {
  if (root <= 5) {
    const r = root - 1.6;
    const above =
      ((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r +
        1.2704582524523684) *
        r +
        3.6478483247632045) *
        r +
        5.769497221460691) *
        r +
        4.630337846156546) *
        r +
      1.4234371107496835;
    const below =
      ((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r +
        0.14810397642748008) *
        r +
        0.6897673349851) *
        r +
        1.6763848301838038) *
        r +
        2.053191626637759) *
        r +
      1;
    return above / below;
  }
  const r = root - 5;
  const above =
    ((((((2.0103343992922881e-7 * r + 0.000027115555687434876) * r + 0.0012426609473880784) * r +
      0.026532189526576124) *
      r +
      0.29656057182850487) *
      r +
      1.7848265399172913) *
      r +
      5.463784911164114) *
      r +
    6.657904643501103;
  const below =
    ((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 0.000018463183175100548) * r +
      0.0007868691311456133) *
      r +
      0.014875361290850615) *
      r +
      0.1369298809227358) *
      r +
      0.599832206555888) *
      r +
    1;
  return above / below;
}

/** Below this size of z the central approximation holds. */
const centralEnd = 0.67448975;

/** The root of 32, where the asymptotic approximation takes over. */
const middleEnd = 5.656854249492381;

/** One over the root of 2 pi. */
const density = 0.3989422804014327;

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
export function normalCdf(z: number): number {
  const size = Math.abs(z);
  if (size <= centralEnd) {
    const square = size * size;
    const above =
      (((0.06568233791820745 * square + 2.2352520354606837) * square + 161.02823106855587) * square +
        1067.6894854603709) *
        square +
      18154.98125334356;
    const below =
      (((square + 47.202581904688245) * square + 976.0985517377767) * square + 10260.932208618979) * square +
      45507.78933502673;
    return 0.5 + (z * above) / below;
  }
  const tail = size <= middleEnd ? middleTail(size) : farTail(size);
  return z < 0 ? tail : 1 - tail;
}

function middleTail(size: number): number {
  const above =
    (((((((1.0765576773720192e-8 * size + 0.39894151208813466) * size + 8.883149794388377) * size +
      93.50665613217785) *
      size +
      597.2702763948002) *
      size +
      2494.5375852903726) *
      size +
      6848.190450536283) *
      size +
      11602.65143764735) *
      size +
    9842.714838383978;
  const below =
    (((((((size + 22.266688044328117) * size + 235.387901782625) * size + 1519.3775994075547) * size +
      6485.558298266761) *
      size +
      18615.571640885097) *
      size +
      34900.95272114598) *
      size +
      38912.00328609327) *
      size +
    19685.429676859992;
  return (gaussian(size) * above) / below;
}

function farTail(size: number): number {
  if (size > 40) return 0;
  if (!(size > 0)) return Number.NaN;
  const inverse = 1 / (size * size);
  const above =
    ((((0.023073441764940174 * inverse + 0.215898534057957) * inverse + 0.12740116116024736) * inverse +
      0.022235277870649807) *
      inverse +
      0.0014216191932278934) *
      inverse +
    0.000029112874951168793;
  const below =
    ((((inverse + 1.284260096144911) * inverse + 0.4682382124808651) * inverse + 0.06598813786892856) *
      inverse +
      0.0037823963320275824) *
      inverse +
    0.00007297515550839662;
  return (gaussian(size) * (density - (inverse * above) / below)) / size;
}

/** exp(-x^2 / 2), with x split in two so that the rounding of a large square does not spoil the exponential. */
function gaussian(size: number): number {
  const coarse = Math.trunc(size * 16) / 16;
  const rest = (size - coarse) * (size + coarse);
  return Math.exp(-coarse * coarse * 0.5) * Math.exp(-rest * 0.5);
}
