// Operators whose nodes mean the same from opset 7 to 18 though their schema changed: new versions only took more types,
// negative axes, or options whose default keeps the meaning. Source: ONNX's Operators changelog.

const ELEMENTWISE =
  "Abs Add Ceil Div Equal Erf Exp Floor Greater GreaterOrEqual IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min Mod Mul Neg PRelu Pow Reciprocal " +
  "Relu Round Sigmoid Sign Sqrt Sub Sum Tanh ThresholdedRelu Where";

const SHAPES =
  "Cast Compress Concat Constant DepthToSpace Expand Flatten Gather GatherElements GatherND Identity NonZero OneHot " +
  "Reshape ScatterElements ScatterND Shape Size SpaceToDepth Tile Transpose";

const LAYERS =
  "ArgMax ArgMin AveragePool Conv ConvTranspose CumSum DequantizeLinear Einsum GRU Gemm LRN LSTM LayerNormalization LpPool MatMul MaxPool " +
  "MaxUnpool MeanVarianceNormalization NegativeLogLikelihoodLoss NonMaxSuppression QuantizeLinear RNN " +
  "SoftmaxCrossEntropyLoss";

const CONTROL = "If Loop OptionalGetElement OptionalHasElement";

/** Names of the operators. */
export const UNCHANGED_OPERATORS: ReadonlySet<string> = new Set(
  [ELEMENTWISE, SHAPES, LAYERS, CONTROL].flatMap((names) => names.split(" ")),
);
