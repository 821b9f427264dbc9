/**
 * The standard normal distribution, ours because it sits in the loop over trials.
 *
 * Both functions are pure arithmetic with `Math.exp`, `Math.log` and `Math.sqrt`; they allocate nothing.
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
      ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
        45921.953931549871457) *
        r +
        13731.693765509461125) *
        r +
        1971.5909503065514427) *
        r +
        133.14166789178437745) *
        r +
      3.387132872796366608;
    const below =
      ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
        21213.794301586595867) *
        r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
      1;
    return (q * above) / below;
  }
  const tail = q < 0 ? probability : 1 - probability;
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number.NaN;
  const size = tailQuantile(Math.sqrt(-Math.log(tail)));
  return q < 0 ? -size : size;
}

/** The two outer ranges of AS 241, of the root of minus the logarithm of the tail's probability. */
function tailQuantile(root: number): number {
  if (root <= 5) {
    const r = root - 1.6;
    const above =
      ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
        1.27045825245236838258) *
        r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
      1.42343711074968357734;
    const below =
      ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r +
        0.14810397642748007459) *
        r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
      1;
    return above / below;
  }
  const r = root - 5;
  const above =
    ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
      0.026532189526576123093) *
      r +
      0.29656057182850489123) *
      r +
      1.7848265399172913358) *
      r +
      5.4637849111641143699) *
      r +
    6.6579046435011037772;
  const below =
    ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
      7.868691311456132591e-4) *
      r +
      0.0148753612908506148525) *
      r +
      0.13692988092273580531) *
      r +
      0.59983220655588793769) *
      r +
    1;
  return above / below;
}

/** Below this size of z the central approximation holds. */
const centralEnd = 0.67448975;

/** The root of 32, where the asymptotic approximation takes over. */
const middleEnd = 5.656854249492380195;

/** One over the root of 2 pi. */
const density = 0.398942280401432677939946059934;

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
      (((0.065682337918207449113 * square + 2.2352520354606839287) * square + 161.02823106855587881) * square +
        1067.6894854603709582) *
        square +
      18154.981253343561249;
    const below =
      (((square + 47.20258190468824187) * square + 976.09855173777669322) * square + 10260.932208618978205) * square +
      45507.789335026729956;
    return 0.5 + (z * above) / below;
  }
  const tail = size <= middleEnd ? middleTail(size) : farTail(size);
  return z < 0 ? tail : 1 - tail;
}

function middleTail(size: number): number {
  const above =
    (((((((1.0765576773720192317e-8 * size + 0.39894151208813466764) * size + 8.8831497943883759412) * size +
      93.506656132177855979) *
      size +
      597.27027639480026226) *
      size +
      2494.5375852903726711) *
      size +
      6848.1904505362823326) *
      size +
      11602.651437647350124) *
      size +
    9842.7148383839780218;
  const below =
    (((((((size + 22.266688044328115691) * size + 235.38790178262499861) * size + 1519.377599407554805) * size +
      6485.558298266760755) *
      size +
      18615.571640885098091) *
      size +
      34900.952721145977266) *
      size +
      38912.003286093271411) *
      size +
    19685.429676859990727;
  return (gaussian(size) * above) / below;
}

function farTail(size: number): number {
  if (size > 40) return 0;
  if (!(size > 0)) return Number.NaN;
  const inverse = 1 / (size * size);
  const above =
    ((((0.02307344176494017303 * inverse + 0.21589853405795699) * inverse + 0.1274011611602473639) * inverse +
      0.022235277870649807) *
      inverse +
      0.001421619193227893466) *
      inverse +
    2.9112874951168792e-5;
  const below =
    ((((inverse + 1.28426009614491121) * inverse + 0.468238212480865118) * inverse + 0.0659881378689285515) * inverse +
      0.00378239633202758244) *
      inverse +
    7.29751555083966205e-5;
  return (gaussian(size) * (density - (inverse * above) / below)) / size;
}

/** exp(-x^2 / 2), with x split in two so that the rounding of a large square does not spoil the exponential. */
function gaussian(size: number): number {
  const coarse = Math.trunc(size * 16) / 16;
  const rest = (size - coarse) * (size + coarse);
  return Math.exp(-coarse * coarse * 0.5) * Math.exp(-rest * 0.5);
}
