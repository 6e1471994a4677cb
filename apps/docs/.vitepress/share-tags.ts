// What is shown of a page where its address is shared: title, description and picture (Open Graph).
import type { HeadConfig, PageData } from "vitepress";

/** Where the site is served, without a final slash. Pictures of shared pages must have whole addresses. */
const ORIGIN = process.env.DOCS_ORIGIN ?? "";

/** The tags of a page. */
export function shareTags({ title, description, relativePath }: PageData, base: string): HeadConfig[] {
  const address = `${ORIGIN}${base}${relativePath.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, ".html")}`;
  const properties = {
    "og:type": "website",
    "og:site_name": "gumbel",
    "og:title": title === "" ? "gumbel" : title,
    "og:description": description,
    "og:url": address,
    "og:image": `${ORIGIN}${base}share.png`,
    "og:image:width": "1200",
    "og:image:height": "630",
    "og:image:alt": "Samples of a Gumbel-softmax on a triangle: gumbel, discrete sampling for JavaScript",
  };
  return [
    ...Object.entries(properties).map(([property, content]): HeadConfig => ["meta", { property, content }]),
    ["meta", { name: "twitter:card", content: "summary_large_image" }],
  ];
}
