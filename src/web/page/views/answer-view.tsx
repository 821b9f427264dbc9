import { useEffect, useRef } from "preact/hooks";
import { resize } from "../actions.ts";
import { answer, isSound, isStale, status } from "../state.ts";
import { traceClicked } from "../trace-clicked.ts";
import { Html } from "./html.tsx";

/** The answer: sentences, key figures, pictures, years. */
export function AnswerView() {
  const shown = answer.value;
  const column = useRef<HTMLElement>(null);
  useEffect(() => watchWidth(column.current), []);
  // One listener for all numbers, which are buttons of HTML that the engine made.
  useEffect(() => column.current?.addEventListener("click", traceClicked), []);
  const isOld = isStale.value || !isSound.value;
  const isMoreToCome = isSound.value && (isStale.value || shown?.isFinal === false);
  const state = [isOld && "old", isMoreToCome && "more"].filter(Boolean).join(" ");
  return (
    <section id="answer" class={state} ref={column} tabIndex={-1} aria-label="The answer">
      <output class="status">{status.value}</output>
      {shown && (
        <>
          <p class="kicker">{shown.kicker}</p>
          <h1>{shown.title}</h1>
          {shown.question && <p class="question">{shown.question}</p>}
          <Html class="answer" html={shown.sentences} />
          <Html class="keysbox" html={`<dl class="keys">${shown.keys}</dl>`} />
          <Html
            class="note keysnote"
            html={`${shown.keysNote} A number that is underlined opens what it is made of.`}
          />
          {shown.sections.map(({ id, title, lead, pictures, table }) => (
            <section key={id} id={id} class={shown.columns === 2 ? "two" : ""}>
              <h2>{title}</h2>
              <p>{lead}</p>
              {pictures.length > 0 && (
                <div class="grid">
                  {pictures.map((picture) => (
                    <Html key={picture.id} class="cell" html={picture.html} />
                  ))}
                </div>
              )}
              {table && <Html class="years" html={table} />}
            </section>
          ))}
          <Html class="note" html={shown.footer} />
          <p class="note">
            The same in a terminal: <code>{shown.command}</code>
          </p>
        </>
      )}
    </section>
  );
}

/** Smaller changes of width only scale the pictures [px]. */
const REDRAWN = 24;

/** Draws the pictures again when their column has become wider or narrower. */
function watchWidth(column: HTMLElement | null): (() => void) | undefined {
  if (!column) return undefined;
  let drawn = column.clientWidth;
  const observer = new ResizeObserver(() => {
    if (column.clientWidth === 0 || Math.abs(column.clientWidth - drawn) < REDRAWN) return;
    drawn = column.clientWidth;
    resize();
  });
  observer.observe(column);
  return () => observer.disconnect();
}
