// Operators whose nodes mean the same from opset 7 to 18: new versions only took more types, negative axes, or options
// that default to what was. Source: ONNX's Operators changelog.

const ELEMENTWISE =
  "Abs Acos Acosh Add And Asin Asinh Atan Atanh BitShift Ceil Celu Cos Cosh Div Elu Equal Erf Exp Floor Greater " +
  "GreaterOrEqual HardSigmoid HardSwish IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min Mish Mod Mul Neg Not Or " +
  "PRelu Pow Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Sub Sum Tan Tanh " +
  "ThresholdedRelu Where Xor";

const SHAPES =
  "Cast CastLike Compress Concat Constant ConstantOfShape DepthToSpace Expand EyeLike Flatten Gather GatherElements " +
  "GatherND Identity NonZero OneHot Range Reshape ReverseSequence ScatterElements ScatterND Shape Size SpaceToDepth Tile " +
  "Transpose Trilu Unique";

const LAYERS =
  "ArgMax ArgMin AveragePool Conv ConvInteger ConvTranspose CumSum DequantizeLinear Det DynamicQuantizeLinear Einsum GRU " +
  "Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool InstanceNormalization LRN LSTM LayerNormalization LpNormalization " +
  "MatMul MatMulInteger MaxPool MaxRoiPool MaxUnpool MeanVarianceNormalization NonMaxSuppression QLinearConv " +
  "QLinearMatMul QuantizeLinear RNN";

const CONTROL =
  "If Loop ConcatFromSequence SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength " +
  "SplitToSequence";

/** Names of the operators. */
export const UNCHANGED_OPERATORS: ReadonlySet<string> = new Set(
  [ELEMENTWISE, SHAPES, LAYERS, CONTROL].flatMap((names) => names.split(" ")),
);
