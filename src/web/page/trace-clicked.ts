import type { FigureName } from "../../charts/kit/figure-name.ts";
import { figureAttributes, readFigureAttributes } from "../figure-attributes.ts";
import { openTrace, showTrace } from "./actions.ts";
import { isOutdated, search } from "./state.ts";

/** Opens the trace of a number, which is a button of HTML that the engine made. */
export function traceClicked({ target }: MouseEvent): void {
  const found = numberAt(target);
  if (found) void openTrace(found.figure, found.button);
}

/** The same of a number of the plan that a search found, or of the one that it was searched for. */
export function traceFound({ target }: MouseEvent): void {
  const number = numberAt(target);
  if (!number || search.value?.kind !== "found") return;
  const { plan, found } = search.value;
  const { file, text, others, traces } = found;
  const own = traces[figureAttributes(number.figure)];
  if (own) showTrace(own, number.figure, number.button, isOutdated(plan));
  else void openTrace(number.figure, number.button, [plan, { file, text, others, sets: [] }]);
}

function numberAt(
  target: EventTarget | null,
): { readonly button: HTMLElement; readonly figure: FigureName } | undefined {
  const button = target instanceof Element ? target.closest<HTMLElement>("button.num") : null;
  const figure = button && readFigureAttributes(button.dataset);
  return figure ? { button, figure } : undefined;
}
