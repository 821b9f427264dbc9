import type { Shipped } from "../../messages.ts";
import { isWide, problems, type Tab, tab } from "../state.ts";
import { AnswerView } from "./answer-view.tsx";
import { CompareView } from "./compare-view.tsx";
import { Header } from "./header.tsx";
import { PlanView } from "./plan-view.tsx";
import { SearchView } from "./search-view.tsx";
import { TraceView } from "./trace-view.tsx";
import { ValuesView } from "./values-view.tsx";

const NAMES: Readonly<Record<Tab, string>> = {
  answer: "Answer",
  values: "Values",
  plan: "Plan",
  trace: "Trace",
  compare: "Compare",
  search: "Best plan",
};

/** Parts with pictures of their own, which have half of a wide screen. */
const HALVES: ReadonlySet<Tab> = new Set(["compare", "search"]);

/** The page: beside the answer the values, the plan or a trace; on a phone one of them. */
export function App({
  shipped,
  mount,
}: {
  readonly shipped: Shipped;
  readonly mount: (parent: HTMLElement) => void;
}) {
  const side = tab.value === "answer" ? "values" : tab.value;
  const open = isWide.value ? side : tab.value;
  const shown = tabsShown();
  const panel = (name: Tab) => ({
    id: `panel-${name}`,
    role: "tabpanel" as const,
    "aria-labelledby": `tab-${name}`,
    class: `panel${side === name ? " shown" : ""}`,
  });
  return (
    <div class={`app ${tab.value === "answer" ? "reads" : "works"}${HALVES.has(tab.value) ? " halves" : ""}`}>
      <Header shipped={shipped} />
      <main>
        {!isWide.value && tab.value !== "answer" && <h1 class="vh">Gigafleet: {NAMES[tab.value]}</h1>}
        <nav class="tabs" aria-label="Parts of the page">
          <div role="tablist" onKeyDown={step}>
            {shown.map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                id={`tab-${name}`}
                aria-selected={name === open}
                aria-controls={name === "answer" ? "answer" : `panel-${name}`}
                tabIndex={name === open ? 0 : -1}
                onClick={() => {
                  tab.value = name;
                }}
              >
                {NAMES[name]}
                {name === "plan" && problems.value.length > 0 && (
                  <span class="count">{problems.value.length}</span>
                )}
              </button>
            ))}
          </div>
        </nav>
        <aside aria-label="Values, plan, trace, comparison and search">
          <div {...panel("values")}>
            <ValuesView />
          </div>
          <div {...panel("plan")}>
            <PlanView mount={mount} />
          </div>
          <div {...panel("trace")}>
            <TraceView />
          </div>
          <div {...panel("compare")}>
            <CompareView />
          </div>
          <div {...panel("search")}>
            <SearchView shipped={shipped} />
          </div>
        </aside>
        <AnswerView />
      </main>
    </div>
  );
}

/** On a wide screen the answer needs no tab. */
function tabsShown(): readonly Tab[] {
  return (Object.keys(NAMES) as Tab[]).filter((name) => name !== "answer" || !isWide.value);
}

/** Arrow keys go from tab to tab. */
function step(event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const all = tabsShown();
  const open = isWide.value && tab.value === "answer" ? "values" : tab.value;
  const next = all[(all.indexOf(open) + by + all.length) % all.length] ?? "values";
  tab.value = next;
  document.getElementById(`tab-${next}`)?.focus();
}
