const KILO = 1000;
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `0 B`, `999 B`, `1.2 MB`, `18 MB`. */
export function bytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= KILO;
    unit += 1;
  }
  const digits = unit === 0 || size >= 9.95 ? 0 : 1;
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}

/** Grouped: `1,204,331`. */
export const count = (value: number): string => Math.round(value).toLocaleString('en');

/** Rounded for estimates: `812`, `50k`, `3.1M`. */
export function about(value: number): string {
  if (value < 999.5) return String(Math.round(value));
  const [size, unit] =
    value < 999_500 ? [value / 1e3, 'k'] : value < 999_500_000 ? [value / 1e6, 'M'] : [value / 1e9, 'G'];
  return `${size.toFixed(size >= 9.95 ? 0 : 1)}${unit}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 14 min`, `3 d 4 h`. */
export function seconds(value: number): string {
  if (value < 9.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** `1 table`, `2 tables`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Local time of day, `14:02:11`. */
export function clock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** `01:12`, `02:14:07`, `3 d 04:10:00`: time that runs. */
export function elapsed(value: number): string {
  const whole = Math.max(0, Math.floor(value));
  const two = (n: number): string => String(n).padStart(2, '0');
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  if (days > 0) return `${days} d ${two(hours)}:${rest}`;
  return hours > 0 ? `${two(hours)}:${rest}` : rest;
}

/** `0.4 ms`, `8 ms`, `1.2 s`. */
export function milliseconds(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value < 0.95 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** `3 tables and 3 topics` of what is planned. */
export function plannedCount(plans: readonly { readonly kind?: 'topic' }[]): string {
  const topics = plans.filter(({ kind }) => kind === 'topic').length;
  const tables = plans.length - topics;
  const parts = [
    ...(tables > 0 || topics === 0 ? [plural(tables, 'table')] : []),
    ...(topics > 0 ? [plural(topics, 'topic')] : []),
  ];
  return parts.join(' and ');
}
