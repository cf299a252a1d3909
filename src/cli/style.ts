export * from '../tui/theme.ts';
