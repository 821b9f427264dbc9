import { useLayoutEffect, useRef } from "preact/hooks";
import type { Problem } from "../../messages.ts";
import { fix, goTo } from "../actions.ts";
import { problems, tab } from "../state.ts";

/** The scenario as text, with its faults and what removes them. */
export function PlanView({ mount }: { readonly mount: (parent: HTMLElement) => void }) {
  const parent = useRef<HTMLDivElement>(null);
  const isOpen = tab.value === "plan";
  // The editor takes longer to make than all the rest of the page: nobody waits for it who does not open it.
  useLayoutEffect(() => {
    if (isOpen && parent.current?.childElementCount === 0) mount(parent.current);
  }, [isOpen]);
  const all = problems.value;
  const errors = all.filter(({ severity }) => severity === "error").length;
  return (
    <div class="plan">
      <div class="editor" ref={parent} />
      <section class="problems" aria-label="Faults and doubts of the plan">
        <output class="lead">
          {countText(errors, "error")}, {countText(all.length - errors, "warning")}
        </output>
        <ul>
          {all.slice(0, MOST_SHOWN).map((problem, index) => (
            <Fault key={`${problem.code} ${index}`} problem={problem} />
          ))}
        </ul>
        {all.length > MOST_SHOWN && <p class="lead">and {all.length - MOST_SHOWN} more</p>}
      </section>
    </div>
  );
}

/** Faults that are listed; the rest show after these are mended. */
const MOST_SHOWN = 20;

function countText(count: number, word: string): string {
  return `${count === 0 ? "no" : count} ${word}${count === 1 ? "" : "s"}`;
}

function Fault({ problem }: { readonly problem: Problem }) {
  const { severity, headline, at, elsewhere, expected, help, fixes } = problem;
  return (
    <li class={severity}>
      <p>
        <b>{severity === "error" ? "Error" : "Warning"}</b> {headline}
      </p>
      {expected && <p class="why">Expected: {expected}</p>}
      {help && <p class="why">Help: {help}</p>}
      <p class="row">
        {at ? (
          <button type="button" class="plain" onClick={() => goTo(at)}>
            Line {at.line}
          </button>
        ) : (
          elsewhere && <small>in {elsewhere}</small>
        )}
        {fixes.map((by) => (
          <button key={by} type="button" onClick={() => fix(problem, by)}>
            Write <code>{by}</code>
          </button>
        ))}
      </p>
    </li>
  );
}
