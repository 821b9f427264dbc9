// Speed of the plain model: the product, and the same model in C, numpy and hand-fused TypeScript.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";

const here = "tests/bench";
const metrics = "facility_power_mw,effective_fp4_eflops,provider_cash_usd";

function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

const has = (command, ...args) => spawnSync(command, args, { encoding: "utf8" }).status === 0;
const speedIn = (text) => Number(/([\d.]+) Mcell/.exec(text)?.[1]);

/** Builds a program of this folder that runs the product's own code. */
async function bundle(program, outfile) {
  await build({
    entryPoints: [`${here}/${program}`],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "warning",
    banner: { js: 'import{createRequire as r}from"node:module";const require=r(import.meta.url);' },
  });
}

/**
 * Builds the programs, and gives for each a function that measures million fleet-months a second; and one that measures where a
 * trial of a scenario spends its time.
 */
export async function prepareModels(folder) {
  const product = path.join(folder, "product.mjs");
  const kernelShares = path.join(folder, "kernel-shares.mjs");
  await bundle("product.ts", product);
  await bundle("kernel-shares.ts", kernelShares);
  const speeds = {};
  const compileC = (name, file, ...flags) => {
    const program = path.join(folder, file);
    run("cc", ...flags, `${here}/plain.c`, "-o", program, "-lm");
    speeds[name] = () => speedIn(run(program, "100000"));
  };
  if (has("cc", "--version")) {
    compileC("C, -O2", "plain", "-O2");
    compileC("C, -O3 -march=native -ffast-math", "plain-fast", "-O3", "-march=native", "-ffast-math");
  }
  speeds["hand-fused TypeScript"] = () =>
    speedIn(run(process.execPath, `${here}/plain_blocked.mjs`, "100000"));
  if (has("python3", "-c", "import numpy, scipy"))
    speeds.numpy = () => speedIn(run("python3", `${here}/plain_numpy.py`, "50000"));
  // As many trials as C and TypeScript, whose times hold no start; without WebAssembly a fifth of them take a minute.
  const measure = (trials = "100000", ...mode) =>
    JSON.parse(run(process.execPath, product, `${here}/plain-model.yaml`, trials, metrics, ...mode));
  speeds["product: draws and moments"] = () => {
    const { plain, cells } = measure();
    return cells / plain / 1000;
  };
  speeds["product: draws, moments and quantiles"] = () => {
    const { ranked, cells } = measure();
    return cells / ranked / 1000;
  };
  speeds["product: draws and moments, without WebAssembly"] = () => {
    const { plain, cells } = measure("20000", "loops");
    return cells / plain / 1000;
  };
  return { speeds, sharesOf: (scenario) => JSON.parse(run(process.execPath, kernelShares, scenario)) };
}
