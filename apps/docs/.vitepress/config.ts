// Configuration of the site: its pages and its build. Static files, deployable under any base path: set DOCS_BASE.
import { defineConfig, type UserConfig } from "vitepress";
import { tabsMarkdownPlugin } from "vitepress-plugin-tabs";
import { GUIDES, PACKAGES, UNDERSTAND } from "../scripts/chapters.mjs";
import { shareTags } from "./share-tags.ts";
import { transformPageData } from "./transform-page-data.ts";

/** Entry points of each package beside its main one, and their types; scripts/write-api.mjs writes a page for each. */
const API = {
  core: ["adapter", "adapter-types", "spec", "conformance", "vitest"],
  tfjs: ["core", "conformance"],
  wasm: ["conformance"],
  webgpu: ["conformance", "wgsl"],
  onnx: ["conformance"],
  llm: ["transformers", "web-llm"],
};

const base = process.env.DOCS_BASE ?? "/gumbel/";

const config: UserConfig = defineConfig({
  title: "gumbel",
  description:
    "Differentiable and exact sampling of discrete variables, the same on every JavaScript backend",
  lang: "en",
  base,
  srcDir: "pages",
  outDir: "dist",
  cacheDir: "node_modules/.vitepress",
  cleanUrls: false,
  lastUpdated: false,
  // Otherwise each page loads the scripts of all pages that it links to.
  router: { prefetchLinks: false },
  markdown: {
    math: true,
    languageAlias: { mjs: "js" },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    // Two versions of the same types meet here.
    config: (markdown) => tabsMarkdownPlugin(markdown as never),
  },
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  transformPageData,
  transformHead: ({ pageData }) => shareTags(pageData, base),
  themeConfig: {
    nav: [
      { text: "Get started", link: "/start" },
      { text: "Understand", link: "/understand/", activeMatch: "/understand/" },
      { text: "Guides", link: "/guides/wasm", activeMatch: "/guides/" },
      {
        text: "Try it",
        activeMatch: "/(playground|filters|conformance)",
        items: [
          { text: "Playground", link: "/playground" },
          { text: "What filters keep", link: "/filters" },
          { text: "Conformance in your browser", link: "/conformance" },
        ],
      },
      {
        text: "Reference",
        activeMatch: "/(packages|specification|benchmarks|api)",
        items: [
          { text: "Packages", link: "/packages/wasm" },
          { text: "Specification", link: "/specification" },
          { text: "Benchmarks", link: "/benchmarks" },
          { text: "API", link: "/api/" },
        ],
      },
    ],
    sidebar: {
      "/api/": [
        {
          text: "API reference",
          items: [
            { text: "Overview", link: "/api/" },
            { text: "Methods of a sampler", link: "/api/core/sampler" },
            ...Object.entries(API).map(([name, entries]) => ({
              text: `@gumbel/${name}`,
              link: `/api/${name}/`,
              items: [
                ...(name === "core"
                  ? [
                      { text: "Options of operations", link: "/api/core/options" },
                      { text: "Resolved calls", link: "/api/core/resolved" },
                    ]
                  : []),
                { text: "Types", link: `/api/${name}/types` },
                ...entries.map((entry) => ({
                  text: `/${entry.replace(/-types$/, ": types")}`,
                  link: `/api/${name}/${entry}`,
                })),
              ],
            })),
          ],
        },
      ],
      "/": [
        { text: "Get started", link: "/start" },
        { text: "Understand", items: UNDERSTAND },
        { text: "Guides", items: GUIDES },
        {
          text: "Packages",
          items: PACKAGES.map((name) => ({ text: `@gumbel/${name}`, link: `/packages/${name}` })),
        },
        {
          text: "On your device",
          items: [
            { text: "Playground", link: "/playground" },
            { text: "What filters keep", link: "/filters" },
            { text: "Conformance in your browser", link: "/conformance" },
          ],
        },
        {
          text: "Reference",
          items: [
            { text: "Specification", link: "/specification" },
            { text: "Cases of the suite", link: "/specification/cases" },
            { text: "Benchmarks", link: "/benchmarks" },
            { text: "Every figure", link: "/benchmarks/figures" },
            { text: "How right the samples are", link: "/benchmarks/quality" },
            { text: "API", link: "/api/" },
          ],
        },
      ],
    },
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        miniSearch: {
          searchOptions: {
            // The same options stand on the API pages of six packages: what people wrote comes first. The function runs in the page, alone.
            boostDocument: (id: string) =>
              id.includes("/api/") || id.includes("/benchmarks/")
                ? 0.1
                : id.includes("/specification")
                  ? 0.4
                  : id.includes("/packages/")
                    ? 0.6
                    : 1,
          },
        },
      },
    },
  },
  vite: {
    worker: {
      format: "es",
      // The file names that VitePress gives to assets of pages; with others each binary would be in the build twice.
      rollupOptions: { output: { assetFileNames: "assets/[name].[hash].[ext]" } },
    },
    build: {
      // Backends are megabytes and load on demand; a test limits the size of a first load.
      chunkSizeWarningLimit: 4096,
      target: "es2022",
    },
  },
});
export default config;
