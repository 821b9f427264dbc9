import { openTrace } from "./actions.ts";

/** Opens the trace of a number, which is a button of HTML that the engine made. */
export function traceClicked({ target }: MouseEvent): void {
  const button = target instanceof Element ? target.closest<HTMLElement>("button.num") : null;
  const { metric, entity, when, run, minus } = button?.dataset ?? {};
  if (metric === undefined) return;
  void openTrace({
    metric,
    ...(entity === undefined ? {} : { entity }),
    ...(when === undefined ? {} : { when }),
    ...(run === undefined ? {} : { run: Number(run) }),
    ...(minus === undefined ? {} : { minus: Number(minus) }),
  });
}
