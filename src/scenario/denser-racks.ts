/** Racks of more than so many times the power of those before them do not go into a hall as it is (docs/model.md section 9.2). */
export const DENSER = 1.5;
