// jstat ships no types. A distribution is an object of functions whose parameters follow the point.

declare module "jstat" {
  /** (x, a, b), for example beta.inv(p, alpha, beta). */
  interface TwoParameters {
    pdf(x: number, a: number, b: number): number;
    cdf(x: number, a: number, b: number): number;
    inv(p: number, a: number, b: number): number;
    mean(a: number, b: number): number;
    variance(a: number, b: number): number;
  }
  /** (x, a). */
  interface OneParameter {
    pdf(x: number, a: number): number;
    cdf(x: number, a: number): number;
    inv(p: number, a: number): number;
    mean(a: number): number;
  }
  /** (x, a, b, c). */
  interface ThreeParameters {
    pdf(x: number, a: number, b: number, c: number): number;
    cdf(x: number, a: number, b: number, c: number): number;
    inv(p: number, a: number, b: number, c: number): number;
    mean(a: number, b: number, c: number): number;
  }
  interface JStat {
    beta: TwoParameters & { mode(alpha: number, beta: number): number };
    gamma: TwoParameters;
    lognormal: TwoParameters;
    normal: TwoParameters;
    uniform: TwoParameters;
    weibull: TwoParameters;
    exponential: OneParameter;
    studentt: OneParameter;
    triangular: ThreeParameters;
    betafn(x: number, y: number): number;
    betaln(x: number, y: number): number;
    ibeta(x: number, a: number, b: number): number;
    ibetainv(p: number, a: number, b: number): number;
    gammafn(x: number): number;
    gammaln(x: number): number;
    lowRegGamma(a: number, x: number): number;
    gammapinv(p: number, a: number): number;
    erf(x: number): number;
    erfc(x: number): number;
    erfinv(p: number): number;
    erfcinv(p: number): number;
  }
  const jstat: JStat;
  export default jstat;
}
