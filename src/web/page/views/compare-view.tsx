import { useEffect, useRef } from "preact/hooks";
import { compareMixes, compareWithKept, keepPlan } from "../actions.ts";
import { answer, comparison, isComparing, kept } from "../state.ts";
import { traceClicked } from "../trace-clicked.ts";
import { Html } from "./html.tsx";

/** The plan against one that was kept, and the mixes of a scenario side by side: the same draws for all. */
export function CompareView() {
  const shown = comparison.value;
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.addEventListener("click", traceClicked), []);
  const isReady = answer.value?.isFinal === true && !isComparing.value;
  return (
    <div class="compare" ref={panel}>
      <p class="lead">
        Keep the plan as A, change it, and see what the change did: both are run with the same draws, so that
        chance is no part of the difference.
      </p>
      <p class="row">
        <button type="button" disabled={!answer.value} onClick={keepPlan}>
          {kept.value ? "Keep the plan as it is now as A" : "Keep this plan as A"}
        </button>
        {kept.value && (
          <button type="button" disabled={!isReady} onClick={() => void compareWithKept()}>
            Compare with A
          </button>
        )}
        {answer.value?.hasMixes && (
          <button type="button" disabled={!isReady} onClick={() => void compareMixes()}>
            Compare the mixes
          </button>
        )}
      </p>
      {kept.value && (
        <p class="lead">
          A is {kept.value.title}
          {kept.value.moved}. B is the plan as it stands.
        </p>
      )}
      <output class="lead">{isComparing.value ? "Comparing\u2026" : ""}</output>
      {shown && (
        <div class={shown.isStale ? "old" : ""}>
          {shown.isStale && <p class="warn">The plan has changed since. Compare again for what holds now.</p>}
          <Html class="answer" html={shown.sentences} />
          {shown.pictures.map(({ id, html }) => (
            <Html key={id} class="cell" html={html} />
          ))}
          <Html class="inputs" html={shown.inputs} />
        </div>
      )}
    </div>
  );
}
