/** A sweep's thread: it runs the same script as the command. */
import { loadProgram } from "./load-program.ts";

void loadProgram("run").serveSweep();
