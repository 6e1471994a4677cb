// Serves a folder, such as the built site, under its base path, as a static host would, and nothing outside of it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** A running server. */
export interface SiteServer {
  /** Address of the site's first page, base path and final slash included. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server for a folder under a base path such as `/gumbel/`. */
export async function serve(folder: string, base: string): Promise<SiteServer> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    const name = path.endsWith("/") ? `${path}index.html` : path;
    const file = join(folder, name.slice(base.length));
    if (!name.startsWith(base) || !existsSync(file) || !statSync(file).isFile()) {
      const notFound = join(folder, "404.html");
      response.writeHead(404, { "content-type": TYPES[".html"] });
      response.end(existsSync(notFound) ? readFileSync(notFound) : "not found");
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
