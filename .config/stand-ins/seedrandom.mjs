// Stands in for "seedrandom" in the page: of its generators the one that samples are drawn with.
import tychei from "../../node_modules/seedrandom/lib/tychei.js";

export default { tychei };
