export type DrawnPictures = {
  readonly words: readonly string[];
  readonly pictures: readonly (string | readonly [drawn: string, name: string])[];
};
export const commands: readonly DrawnPictures[];
