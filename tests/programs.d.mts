export type Program = {
  readonly name: string;
  readonly commands: readonly string[];
  readonly files?: readonly string[];
  readonly packages: readonly string[];
};
export const programs: readonly Program[];
export function findCommand(command: string, searched?: string): string | undefined;
export function missingPrograms(searched?: string): readonly Program[];
export function testsOf(program: Program): string;
