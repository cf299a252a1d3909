/** Ink draws nothing but the last frame where it finds these while it is loaded: to be imported before it. */
export const hidden = Object.entries(process.env).filter(
  ([name]) => name === 'CI' || name === 'CONTINUOUS_INTEGRATION',
);

// in place: what others import from node:process by name is this very object
for (const [name] of hidden) delete process.env[name];
