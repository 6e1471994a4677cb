// The worker awaits at its top level, which a module may; Vite makes a classic script of it otherwise.
export default { worker: { format: "es" } };
