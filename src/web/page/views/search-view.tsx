import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Search, Shipped } from "../../messages.ts";
import { isServed } from "../disk.ts";
import { cancelSearch, openFound, startSearch } from "../search.ts";
import { download } from "../share.ts";
import { answer, isOutdated, isSound, saved, search } from "../state.ts";
import { traceFound } from "../trace-clicked.ts";
import { Html } from "./html.tsx";

/** What a search optimises, and in whose book. */
const TASKS: readonly (readonly [string, Pick<Search, "goal" | "book">])[] = [
  ["Same work, least cost to the provider", { goal: "minimize_cost", book: "provider" }],
  ["Same work, least payments of the buyer", { goal: "minimize_cost", book: "buyer" }],
  ["Most compute for the same cost", { goal: "maximize_effective_fp4", book: "provider" }],
];

/** The best plan within the limits of the scenario. */
export function SearchView({ shipped }: { readonly shipped: Shipped }) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.addEventListener("click", traceFound), []);
  return (
    <div class="compare" ref={panel}>
      <p class="lead">
        Looks for the best plan within the plan&rsquo;s own limits: its chips, sites, power and supply, and
        what it states under <code>optimize</code>. The search takes every uncertain value at its median; then
        the plan that it finds and this one are run with the same draws.
      </p>
      {isServed() ? <Searching shipped={shipped} /> : <Elsewhere />}
    </div>
  );
}

/** A file from disk cannot hold the solver, which is twice as large as the page. */
function Elsewhere() {
  const { command } = answer.value ?? {};
  return (
    <>
      <p>
        This page was opened from a file, which has no room for the solver. <code>gigafleet open</code> shows
        the same page with it. Or search in a terminal:
      </p>
      {command && (
        <pre>
          <code>{optimizeCommand(command)}</code>
        </pre>
      )}
    </>
  );
}

/** The command that searches for the plan that another command runs; it takes fewer trials unless told. */
function optimizeCommand(command: string): string {
  return command.replace(/^gigafleet run /, "gigafleet optimize ").replace(/ --trials \d+ --seed \S+$/, "");
}

function Searching({ shipped }: { readonly shipped: Shipped }) {
  const chosen = useSignal(0);
  const state = search.value;
  const isRunning = state?.kind === "running";
  const isOld = state !== undefined && isOutdated(state.plan);
  const [, task] = TASKS[chosen.value] ?? TASKS[0] ?? [];
  return (
    <>
      <p class="row">
        <label>
          <span class="vh">Look for</span>
          <select
            value={chosen.value}
            disabled={isRunning}
            onChange={({ currentTarget }) => {
              chosen.value = Number(currentTarget.value);
            }}
          >
            {TASKS.map(([name], index) => (
              <option key={name} value={index}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {isRunning ? (
          <button type="button" onClick={cancelSearch}>
            Cancel
          </button>
        ) : (
          <button
            type="button"
            disabled={!answer.value || !isSound.value}
            onClick={() => task && startSearch(shipped, task)}
          >
            Search
          </button>
        )}
      </p>
      <output class="lead">
        {isRunning &&
          "Searching\u2026 This takes some seconds, and minutes for a plan of many sites and chips."}
        {isRunning && isOld && " The plan has changed since: what is found is for the plan as it was."}
      </output>
      {state?.kind === "refused" && (
        <p class="warn" role="alert">
          The search gave no plan: {state.reason}. {isOld && OLD}
        </p>
      )}
      {state?.kind === "found" && <Found />}
    </>
  );
}

const OLD = "The plan has changed since this search. Search again for what holds now.";

function Found() {
  const state = search.value;
  if (state?.kind !== "found") return null;
  const { title, sentences, pictures, purchases, footer, file, text } = state.found;
  const isOld = isOutdated(state.plan);
  return (
    <div class={isOld ? "old" : ""}>
      {isOld && <p class="warn">{OLD}</p>}
      <h2>{title}</h2>
      <Html class="answer" html={sentences} />
      <p class="row">
        {saved.value === undefined && (
          <button type="button" onClick={openFound}>
            Open this plan
          </button>
        )}
        <button type="button" onClick={() => download(file, text)}>
          Download {file}
        </button>
      </p>
      <Html class="years" html={purchases} />
      {pictures.map(({ id, html }) => (
        <Html key={id} class="cell" html={html} />
      ))}
      <Html class="note" html={footer} />
    </div>
  );
}
