// Modules that have no types of their own.

/** Addresses of files that vite serves. */
declare module "*?url" {
  const url: string;
  export default url;
}
