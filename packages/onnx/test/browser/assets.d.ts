// Vite's import of a file's address.
declare module "*?url" {
  const address: string;
  export default address;
}
