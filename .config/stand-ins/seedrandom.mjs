// Stands in for "seedrandom" in the page, with only the generator that samples are drawn with.
import tychei from "../../node_modules/seedrandom/lib/tychei.js";

export default { tychei };
