/** What a command loads when it writes a workbook: kept behind one door, so that no other start of the program pays for it. */
export { originOfWorkbook } from "./about-sheet.ts";
export { makeCompareWorkbook } from "./compare-workbook.ts";
export { findExcess, makeWorkbook, runForWorkbook } from "./make-workbook.ts";
export { writeXlsxFile, writeXlsxParts } from "./write-xlsx.ts";
