import { readFigureAttributes } from "../figure-attributes.ts";
import { openTrace } from "./actions.ts";

/** Opens the trace of a number, which is a button of HTML that the engine made. */
export function traceClicked({ target }: MouseEvent): void {
  const button = target instanceof Element ? target.closest<HTMLElement>("button.num") : null;
  const figure = button && readFigureAttributes(button.dataset);
  if (figure) void openTrace(figure, button);
}
