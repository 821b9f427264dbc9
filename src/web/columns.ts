/** From this width of their column on, pictures stand in two columns [px]. */
export const TWO_COLUMNS = 900;
