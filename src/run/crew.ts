/**
 * Threads that simulate tiles for the thread that summarises them. They share no memory with it, so that a page opened from disk has
 * them too: draws go to them and figures come back by message, and the numbers are those of one thread, bit for bit.
 */
import { type Fault, placeOf, READ_TOGETHER, STRIP, TILE } from "../engine/index.ts";
import type { CompiledTile, TileTrials } from "./compiled-tile.ts";
import {
  copyInputs,
  fillTile,
  type Phase,
  type SampleJob,
  type TaskMemory,
  type TileJob,
  takeTile,
  trialsOfTile,
} from "./sample-job.ts";
import { takeBack } from "./take-back.ts";
import { createTileMemory, type TileMemory } from "./tile-memory.ts";

/** Messages to a thread: a job with arrays of its own, then tiles of it, with an earlier answer's memory to write to. */
export type CrewMessage =
  | ({ readonly kind: "job"; readonly number: number } & GivenJob)
  | ({ readonly kind: "tile"; readonly ticket: number; readonly rows?: Rows } & TileTrials);

/** What a thread simulates: its arrays belong to it. */
type GivenJob = { readonly job: TileJob; readonly compiled: CompiledTile | undefined };

/** The figures of a tile, [figure][TILE]; behind its last trial stands anything. */
type Rows = Float64Array<ArrayBuffer>;

/** Its answers: that it is ready for the job, and the figures of a tile. */
export type CrewAnswer =
  | { readonly kind: "ready"; readonly number: number }
  | ({ readonly kind: "tile"; readonly ticket: number; readonly faults: readonly Fault[] } & TileBuffers);

/** Memory that goes to a thread and back with each tile: its draws, and the figures made of them. */
type TileBuffers = { readonly inputs: Float64Array<ArrayBuffer>; readonly rows: Rows };

/** A thread as those see it that give it tiles. */
export type CrewThread = {
  readonly post: (message: CrewMessage) => void;
  /** Sets what hears its answers, and undefined once it is lost. */
  readonly hear: (take: (answer: CrewAnswer | undefined) => void) => void;
};

/** What a thread does with the messages to it; undefined where none is answered. Fails: never, for a Plan from the compiler. */
export function createTileTaker(): (message: CrewMessage) => CrewAnswer | undefined {
  let state: (GivenJob & { readonly tile: TileMemory }) | undefined;
  return (message) => {
    if (message.kind === "job") {
      const { job, compiled, number } = message;
      const last = state?.tile;
      if (state) for (const array of arraysOfJob(state)) takeBack(array);
      // Let go first: two compiled plans at a time take twice the memory.
      state = undefined;
      state = { job, compiled, tile: createTileMemory(job, compiled, last) };
      return { kind: "ready", number };
    }
    if (!state) return undefined;
    const { job, tile } = state;
    const faults = fillTile(job, message, tile);
    const { ticket, inputs } = message;
    return { kind: "tile", ticket, inputs, rows: readRows(job, tile, message.rows), faults };
  };
}

/**
 * The memory that a message hands over. A copy would stay with the thread until its garbage is collected, which is seldom: jobs of
 * fifty edits took thirty megabytes.
 */
export function memoryOfMessage(message: CrewMessage): ArrayBuffer[] {
  if (message.kind === "job") return arraysOfJob(message).map(({ buffer }) => buffer as ArrayBuffer);
  return message.rows ? [message.inputs.buffer, message.rows.buffer] : [message.inputs.buffer];
}

function arraysOfJob({ job, compiled }: GivenJob): readonly ArrayBufferView[] {
  const parts: readonly object[] = [job, job.plan, job.layout, compiled ?? {}];
  return parts.flatMap((part) => Object.values(part).filter((value) => ArrayBuffer.isView(value)));
}

/** The same with copies of its arrays. */
function withOwnArrays<Part extends object>(part: Part): Part {
  const copy = (value: unknown): unknown =>
    ArrayBuffer.isView(value) ? (value as unknown as Float64Array).slice() : value;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, copy(value)])) as Part;
}

function readRows({ layout: { figureRows } }: TileJob, tile: TileMemory, given?: Rows): Rows {
  const figures = figureRows.length;
  const rows = given?.length === figures * TILE ? given : new Float64Array(figures * TILE);
  for (let first = 0; first < figures; first += READ_TOGETHER)
    rows.set(tile.readRows(first, Math.min(figures, first + READ_TOGETHER)), first * TILE);
  return rows;
}

function writeRows(
  { layout: { figureRows } }: SampleJob,
  { memory, places }: TileMemory,
  rows: Float64Array,
): void {
  for (let figure = 0; figure < figureRows.length; figure++) {
    for (let first = 0; first < TILE; first += STRIP) {
      const at = placeOf(places, figureRows[figure], first);
      for (let trial = 0; trial < STRIP; trial++) memory[at + trial] = rows[figure * TILE + first + trial];
    }
  }
}

/** The tasks of one phase, shared between a crew and its caller. */
export type Errand = {
  /** The next task for the caller to do itself; undefined where none is left. */
  readonly next: () => number | undefined;
  /** Waits until the crew has done a task, or a task is left to do after all; says no once all are done. */
  readonly wait: () => Promise<boolean>;
  /** No answer is taken any more. */
  readonly end: () => void;
  readonly faults: readonly Fault[];
};

/** Threads that help with one sample at a time. */
export type Crew = {
  /** Tells them what they will simulate, and gives them what was compiled, unless they were told it last. */
  readonly begin: (job: SampleJob, compiled: CompiledTile | undefined) => void;
  /** Lets them do tasks of a phase and takes what they answer into the summary; undefined where they cannot help. */
  readonly share: (job: SampleJob, memory: TaskMemory, phase: Phase) => Errand | undefined;
};

/** Tiles that a thread is given at a time: it simulates one while its last answer waits to be heard. */
const AT_A_TIME = 2;

type Member = {
  readonly thread: CrewThread;
  /** The job that it is ready for. */
  ready: number;
  isLost: boolean;
  /** Tasks by ticket. */
  readonly given: Map<number, number>;
};

/** Hears answers between phases. Not a function made in a phase: that would hold the whole sample until the next. */
const hearNothing = (_member: Member, _answer: CrewAnswer | undefined): void => {};

/**
 * Makes a crew of threads. A thread gets no tile before it is ready for the job; the tiles of a thread that is lost are done by the
 * caller.
 *
 * Fails: never.
 */
export function createCrew(threads: readonly CrewThread[]): Crew {
  let told: TileJob | undefined;
  let number = 0;
  let ticket = 0;
  /** Memory of answers, for the next tiles: without it a sample leaves a hundred megabytes to collect, half of them in the threads. */
  const spare: TileBuffers[] = [];
  /** Hears what a member answers during a phase. */
  let onAnswer = hearNothing;
  const members = threads.map((thread): Member => {
    const member = { thread, ready: 0, isLost: false, given: new Map<number, number>() };
    thread.hear((answer) => {
      if (!answer) member.isLost = true;
      else if (answer.kind === "ready") member.ready = answer.number;
      else spare.push(answer);
      onAnswer(member, answer);
    });
    return member;
  });

  return {
    begin: ({ plan, scales, layout, summary: { figures } }, compiled) => {
      if (told?.plan === plan && told.figures === figures) return;
      told = { plan, scales, layout, figures };
      number++;
      for (const { thread } of members) {
        const job = { ...withOwnArrays(told), plan: withOwnArrays(plan), layout: withOwnArrays(layout) };
        thread.post({ kind: "job", number, job, compiled: compiled && withOwnArrays(compiled) });
      }
    },
    share: (job, memory, phase) => {
      const isOfTiles = phase.kind === "hold" || phase.kind === "sift";
      if (!isOfTiles || phase.tasks < 2) return undefined;
      const left = Array.from({ length: phase.tasks }, (_, task) => task);
      const faults: Fault[] = [];
      let wake: (() => void) | undefined;
      const isWaitedFor = () => members.some(({ given }) => given.size > 0);

      function give(member: Member): void {
        // The last tiles go to whoever is free.
        const most = left.length > AT_A_TIME * members.length ? AT_A_TIME : 1;
        while (!member.isLost && member.ready === number && member.given.size < most) {
          const task = left.shift();
          if (task === undefined) return;
          const trials = trialsOfTile(phase, task);
          const { inputs: given, rows } = spare.pop() ?? {};
          const room = job.plan.variables.length * TILE;
          const inputs = given?.length === room ? given : new Float64Array(room);
          copyInputs(job, phase, task, inputs);
          member.given.set(++ticket, task);
          const from = phase.chunk.firstTrial + task * TILE;
          member.thread.post({ kind: "tile", ticket, inputs, from, trials, ...(rows ? { rows } : {}) });
        }
      }

      onAnswer = (member, answer) => {
        if (answer?.kind === "tile") {
          const task = member.given.get(answer.ticket);
          // The answer belongs to a sample that was given up.
          if (task === undefined) return;
          member.given.delete(answer.ticket);
          writeRows(job, memory.tile, answer.rows);
          takeTile(job, phase, task, memory);
          faults.push(...answer.faults);
        }
        if (member.isLost) {
          left.unshift(...member.given.values());
          member.given.clear();
        }
        give(member);
        wake?.();
      };
      for (const member of members) give(member);
      return {
        next: () => left.shift(),
        wait: async () => {
          if (left.length > 0) return true;
          if (!isWaitedFor()) return false;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          return true;
        },
        end: () => {
          onAnswer = hearNothing;
          for (const { given } of members) given.clear();
        },
        faults,
      };
    },
  };
}
