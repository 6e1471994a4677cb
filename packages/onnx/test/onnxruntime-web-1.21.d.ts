// That version's package.json hides its types from Node's resolution; they are these.
declare module "onnxruntime-web-1.21" {
  export * from "onnxruntime-web";
}
