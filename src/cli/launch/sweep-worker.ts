/** A sweep's thread: it runs the same script as the command. */
import { loadProgram } from "./load-program.ts";

await loadProgram("run").serveSweep();
