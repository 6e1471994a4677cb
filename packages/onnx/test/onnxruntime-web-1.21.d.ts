// That version's package.json hides its types from Node's resolution.
declare module "onnxruntime-web-1.21" {
  export * from "onnxruntime-common";
}
