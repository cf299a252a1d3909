export * from '../tui/format.ts';
