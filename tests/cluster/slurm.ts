import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { findCommand } from "../programs.mjs";

/** A Slurm of one node on this machine, with a folder of its own. */
export type Slurm = {
  /** Runs a command of Slurm in a folder, and gives what it prints. Fails: throws if the command fails. */
  readonly call: (cwd: string, command: string, words: readonly string[]) => string;
  /** Kills the controller as a crash does, and starts it again; jobs go on meanwhile. */
  readonly crashController: () => Promise<void>;
  /** Ends all jobs and daemons. */
  readonly stop: () => Promise<void>;
};

/** Longest wait for a state; a loaded machine with two cores is slow [ms]. */
const LONGEST_WAIT = 300_000;

/** Waits until something holds, and says what it waited for if that never comes. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + LONGEST_WAIT;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/**
 * Starts munge, a controller and a node. Needs no rights: all of them run as this user, on free ports, and end with this process.
 *
 * @param folder an empty folder, in one of this test alone
 * @param env    variables of the jobs
 */
export async function startSlurm(folder: string, env: Readonly<Record<string, string>>): Promise<Slurm> {
  // munge wants every folder above its socket to be open to all.
  for (const one of [folder, path.dirname(folder)]) fs.chmodSync(one, 0o755);
  const file = (name: string) => path.join(folder, name);
  const key = file("munge.key");
  fs.writeFileSync(key, Buffer.from(Array.from({ length: 128 }, (_, index) => (index * 37) % 251)), {
    mode: 0o400,
  });
  for (const name of ["state", "spool"]) fs.mkdirSync(file(name));
  const conf = file("slurm.conf");
  fs.writeFileSync(conf, configuration(folder, await freePort(), await freePort()));
  const surroundings = { ...process.env, ...env, SLURM_CONF: conf };
  const daemons = new Map<string, ChildProcess>();
  const start = (name: string, words: readonly string[]): void => {
    const log = fs.openSync(file(`${name}.out`), "a");
    // A daemon gets a signal when this process ends, however that happens.
    const command = ["--pdeathsig", "KILL", findCommand(name) ?? name, ...words];
    daemons.set(name, spawn("setpriv", command, { stdio: ["ignore", log, log], env: surroundings }));
    fs.closeSync(log);
  };
  const call: Slurm["call"] = (cwd, command, words) => {
    const { status, stdout, stderr } = spawnSync(command, words, {
      cwd,
      encoding: "utf8",
      env: surroundings,
    });
    if (status !== 0) throw new Error(`${command} ${words.join(" ")}: ${stderr}${readLogs(folder)}`);
    return stdout;
  };
  /** Holds, and no daemon has ended. */
  const whileAlive = (holds: () => boolean) => (): boolean => {
    const ended = [...daemons].find(
      ([, { exitCode, signalCode }]) => exitCode !== null || signalCode !== null,
    );
    if (ended) throw new Error(`${ended[0]} has ended`);
    return holds();
  };
  const answers = (command: string, words: readonly string[], pattern: RegExp): boolean => {
    const { status, stdout } = spawnSync(command, words, { encoding: "utf8", env: surroundings });
    return status === 0 && pattern.test(stdout);
  };
  const startController = async (): Promise<void> => {
    start("slurmctld", ["-D", "-f", conf]);
    await until(
      "the controller answers",
      whileAlive(() => answers("scontrol", ["ping"], /UP/)),
    );
  };
  const end = async (name: string, signal: NodeJS.Signals): Promise<void> => {
    const daemon = daemons.get(name);
    daemons.delete(name);
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const gone = new Promise((resolve) => daemon.once("exit", resolve));
    daemon.kill(signal);
    const late = setTimeout(() => daemon.kill("SIGKILL"), 30_000);
    await gone;
    clearTimeout(late);
  };
  const stop = async (): Promise<void> => {
    spawnSync("scancel", ["--user", os.userInfo().username], { env: surroundings });
    const isIdle = () => answers("squeue", ["--noheader"], /^\s*$/);
    if (daemons.has("slurmctld")) await until("no job is left", isIdle).catch(() => {});
    for (const name of ["slurmd", "slurmctld", "munged"]) await end(name, "SIGTERM");
  };
  try {
    const socket = file("munge.socket");
    start("munged", [
      "--foreground",
      `--socket=${socket}`,
      `--key-file=${key}`,
      `--pid-file=${file("munged.pid")}`,
      `--log-file=${file("munged.log")}`,
      `--seed-file=${file("munged.seed")}`,
    ]);
    await until(
      "munge listens",
      whileAlive(() => fs.existsSync(socket)),
    );
    await startController();
    start("slurmd", ["-D", "-f", conf]);
    const isIdle = () => answers("sinfo", ["--noheader", "--format=%t"], /^idle$/m);
    await until("the node is idle", whileAlive(isIdle));
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}${readLogs(folder)}`);
  }
  const crashController = async (): Promise<void> => {
    // Some seconds pass before a change is saved; a controller that crashes in them forgets it, and no test can help that.
    const changed = Date.now();
    const savedAt = () => fs.statSync(file("state/job_state"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    await until("the state is saved", () => savedAt() > changed);
    await end("slurmctld", "SIGKILL");
    await startController();
  };
  return { call, crashController, stop };
}

/** One node with two cores, whatever the machine has; nothing that needs systemd, cgroups or a database. */
function configuration(folder: string, controllerPort: number, nodePort: number): string {
  const host = os.hostname().split(".")[0];
  const user = os.userInfo().username;
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=20
SlurmUser=${user}
SlurmdUser=${user}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
KillWait=5
UnkillableStepTimeout=600
SlurmdTimeout=0
MessageTimeout=60
SchedulerParameters=bf_interval=5,sched_interval=2,sched_min_interval=100000
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** The ends of the daemons' logs, for a message. */
function readLogs(folder: string): string {
  return ["munged.out", "slurmctld.out", "slurmctld.log", "slurmd.out", "slurmd.log"]
    .map((name) => path.join(folder, name))
    .filter((file) => fs.existsSync(file))
    .map(
      (file) =>
        `\n${path.basename(file)}:\n${fs.readFileSync(file, "utf8").split("\n").slice(-15).join("\n")}`,
    )
    .join("");
}
