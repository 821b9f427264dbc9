// Scenarios with as many fleets as one asks for, at one site.
const chips = ["h100", "h200", "gb200", "gb300", "trainium3"];

/** A scenario of 96 months; the site has power for the larger part of its fleets, and their dates are uncertain. */
export function writeManyFleets(count) {
  const fleets = Array.from({ length: count }, (_, fleet) => {
    const month = String((fleet % 12) + 1).padStart(2, "0");
    const delay = `0 months to ${1 + (fleet % 7)} months`;
    const deliver = `{ from: ${2026 + (fleet % 4)}-${month}, to: ${2030 + (fleet % 3)}-12, delay: ${delay} }`;
    const place = `chip: ${chips[fleet % chips.length]}, site: main, priority: ${1 + (fleet % 3)}`;
    return `  f${fleet}: { ${place}, size: ${1000 + fleet} chips, deliver: ${deliver}, life: ${5 + (fleet % 4)} years }`;
  });
  const site = `sites: { main: { power: ${count} MW, pue: 1.15, pue_design: 1.25 } }`;
  return `${["schema_version: 1", "start: 2026-01", "years: 8", site, "fleets:", ...fleets].join("\n")}\n`;
}
