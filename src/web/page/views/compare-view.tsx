import { useEffect, useRef } from "preact/hooks";
import { compare, keepPlan, stopComparing } from "../compare.ts";
import { answer, comparing, comparison, isOutdated, isReady, isSound, kept } from "../state.ts";
import { traceClicked } from "../trace-clicked.ts";
import { Html } from "./html.tsx";

const WAITING =
  "The plan changed, which called the comparison off. It begins again once the plan as it is now has all its trials.";

/** The plan against one that was kept, and the mixes of a scenario side by side: the same draws for all. */
export function CompareView() {
  const shown = comparison.value;
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.addEventListener("click", traceClicked), []);
  const wanted = comparing.value;
  const [a, isFree] = [kept.value, isReady.value && !wanted];
  const isOld = shown !== undefined && isOutdated(shown.plan);
  return (
    <div class="compare" ref={panel}>
      <p class="lead">
        Keep the plan as A, change it, and see what the change did: both are run with the same draws, so that
        chance is no part of the difference.
      </p>
      <p class="row">
        <button type="button" disabled={!answer.value || !isSound.value} onClick={keepPlan}>
          {a ? "Keep the plan as it is now as A" : "Keep this plan as A"}
        </button>
        {a && (
          <button type="button" disabled={!isFree} onClick={() => void compare(a.plan)}>
            Compare with A
          </button>
        )}
        {answer.value?.hasMixes && (
          <button type="button" disabled={!isFree} onClick={() => void compare("mixes")}>
            Compare the mixes
          </button>
        )}
      </p>
      {a && (
        <p class="lead">
          A is {a.title}
          {a.moved}. B is the plan as it stands.
        </p>
      )}
      <output class="lead">{wanted && (wanted.isWaiting ? WAITING : "Comparing\u2026")}</output>
      {wanted?.isWaiting && (
        <p class="row">
          <button type="button" onClick={stopComparing}>
            Do not compare
          </button>
        </p>
      )}
      {shown && (
        <div class={isOld ? "old" : ""}>
          {isOld && (
            <p class="warn">The plan has changed since. {!wanted && "Compare again for what holds now."}</p>
          )}
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
