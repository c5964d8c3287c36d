"""Claims and answers that the judge of derivations must get right: true, false and hostile ones."""

from __future__ import annotations

SIGMOID = {"σ(t)": "1/(1 + exp(-t))"}
TWO_CLASSES = {"f": "exp(x)/(exp(x) + b)"}
SOFTMAX = {"p": "exp(z)/sum(exp(z))"}
VECTORS = dict.fromkeys("zyv", "real vector 3")
GENERAL = {"z": "real vector n", "y": "real vector n", "i": "index", "j": "index"}
POSITIVE = dict.fromkeys("abcpqTμλ", "positive")

# name: (definitions, assumptions, given, claims)
PROVED = {
    "sigmoid": (
        {**SIGMOID, "relu(t)": "max(t, 0)", "gelu": "x*(1 + erf(x/sqrt(2)))/2"}, {}, [],
        "σ'(x) = exp(-x)/(1 + exp(-x))^2; σ'(x) = σ(x)*(1 - σ(x)); σ(-x) = 1 - σ(x); tanh(x) = 2*σ(2*x) - 1;"
        "σ'(x) <= 1/4; σ'(x) > 0; σ''(x) = σ'(x)*(1 - 2*σ(x)); diff(log(1 + exp(x)), x) = σ(x);"
        "diff(tanh(x), x) = 1/cosh(x)^2; tanh(2*x) = 2*tanh(x)/(1 + tanh(x)^2);"
        "relu(x) - relu(-x) = x; relu(x) + relu(-x) = abs(x); diff(relu(x), x) = (1 + sign(x))/2;"
        "diff(gelu, x) = (1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi);"
        "diff(relu(x) + min(exp(x) - 1, 0), x) = min(exp(x), 1);"
        "log(1 + exp(x)) = relu(x) + log(1 + exp(-abs(x)))",
    ),
    "two classes": (
        TWO_CLASSES, POSITIVE, [],
        "f' = (exp(x)*(exp(x) + b) - exp(x)*exp(x))/(exp(x) + b)^2; f'/f = b/(exp(x) + b); f'/f = 1 - f;"
        "diff(-y*log(f) - (1 - y)*log(1 - f), x) = f - y; 1 - f = (1 - tanh((x - log(b))/2))/2",
    ),
    "LSE of two": (
        {"LSE(s, t)": "log(exp(λ*s) + exp(λ*t))/λ"}, POSITIVE, [],
        "log(exp(x) + exp(y)) = z + log(exp(x - z) + exp(y - z)); max(x, y) < LSE(x, y);"
        "LSE(x, y) = max(x, y) + log(1 + exp(-λ*abs(x - y)))/λ; LSE(x, y) <= max(x, y) + log(2)/λ;"
        "LSE(x + z, y + z) = LSE(x, y) + z; diff(LSE(x, y), x) = exp(λ*x)/(exp(λ*x) + exp(λ*y));"
        "LSE(x, y) = (x + y)/2 + log(2*cosh(λ*(x - y)/2))/λ",
    ),
    "LSE of three": (
        {"L": "log(sum(exp(λ*z)))/λ"}, {**VECTORS, "λ": "positive"}, [],
        "max(z) <= L; L <= max(z) + log(3)/λ",
    ),
    "softmax of three": (
        {**SOFTMAX, "q": "exp(λ*z)/sum(exp(λ*z))"}, {**VECTORS, "λ": "positive"}, [],
        "jacobian(p, z) = diag(p) - outer(p, p); transpose(jacobian(p, z)) @ v = p*(v - dot(p, v));"
        "diff(-dot(y, log(p)), z) = p*sum(y) - y; sum(p) = 1;"
        "jacobian(diff(log(sum(exp(λ*z)))/λ, z), z) = λ*(diag(q) - outer(q, q))",
    ),
    "softmax of n": (
        SOFTMAX, {**GENERAL, "λ": "positive"}, [],
        "diff(p[i], z[j]) = p[i]*(delta(i, j) - p[j]); diff(-sum(y*log(p)), z[i]) = p[i]*sum(y) - y[i];"
        "sum(p) = 1;"
        "log(p[i]) = z[i] - log(sum(exp(z))); diff(log(sum(exp(λ*z)))/λ, z[i]) = exp(λ*z[i])/sum(exp(λ*z));"
        "sum(exp(z[k]), k) = sum(exp(z));"
        "sum(y*(z - log(sum(exp(z))))) = dot(y, z) - sum(y)*log(sum(exp(z)))",
    ),
    "bounds for n": (
        {}, {"λ": "positive", "z": "real vector n"}, ["S >= 1", "S <= n"],
        "log(sum(exp(λ*z)))/λ = M + log(sum(exp(λ*(z - M))))/λ; M <= M + log(S)/λ; log(S) <= log(n)",
    ),
    "max, min, abs, sign": (
        {}, {"c": "nonnegative"}, [],
        "max(x, y) = (x + y + abs(x - y))/2; max(x, y)*min(x, y) = x*y; sqrt(x^2 - 2*x + 1) = abs(x - 1);"
        "x*sign(x) = abs(x); abs(x + y) <= abs(x) + abs(y); max(c*x, c*y) = c*max(x, y);"
        "max(x, y, w) = max(max(x, y), w); log(x^2) = 2*log(abs(x))",
    ),
    "powers, logarithms, order": (
        {}, {**POSITIVE, "u": "nonnegative"}, [],
        "log(a*c) = log(a) + log(c); a^x*a^y = a^(x + y); log(a^x) = x*log(a);"
        "(p/q)^(1/T) = exp((log(p) - log(q))/T); sqrt(a*c) <= (a + c)/2; x*y <= (x^2 + y^2)/2; cosh(x) >= 1;"
        "exp(x) >= 1 + x; log(1 + u) <= u; log(a) <= a - 1; a*log(a/b) >= a - b;"
        "sqrt(a + 1 + 2*sqrt(a)) = 1 + sqrt(a); sum(k^2, k, 1, 10) = 385",
    ),
    "complex numbers": ({}, {"w": "complex"}, [], "exp(w)*exp(-w) = 1; (w + 1)^2 = 1 + 2*w + w*w"),
}  # fmt: skip

# Right, and out of reach of the proofs: the assumptions, and the claim.
AGREES = [
    ({}, "sqrt(3 + 2*sqrt(2)) = 1 + sqrt(2)"),
    ({}, "sin(2*x) = 2*sin(x)*cos(x)"),
    ({}, "1/(sqrt(2) - 1) = 1 + sqrt(2)"),
    ({"m": "positive integer"}, "sum(k, k, 1, m) = m*(m + 1)/2"),
    ({"m": "positive integer", "μ": "positive"}, "sum(μ^k, k, 0, m) = (1 - μ^(m + 1))/(1 - μ)"),
]

# (definitions, assumptions, the false claim, what the message says)
FALSE = [
    (TWO_CLASSES, POSITIVE, "f'/f = -b/(exp(x) + b)", "right is 2*b/(b + exp(x))."),
    ({}, {}, "diff(x^2, x) = x", "Left is 2 times right."),
    (SIGMOID, {}, "σ'(x) = σ(x)*(σ(x) - 1)", "Left is −1 times right."),
    ({}, {}, "diff(exp(2*x), x) = exp(2*x)", "Left minus right is exp(2*x)."),
    (TWO_CLASSES, {}, "f' = exp(x)*b/(exp(x) + b)", ""),
    (
        TWO_CLASSES,
        {},
        "f' = (exp(x)*exp(x) - exp(x)*(exp(x) + b))/(exp(x) + b)^2",
        "2*b*exp(x)/(b + exp(x))^2",
    ),
    ({}, {}, "diff(tanh(x), x) = 1 - tanh(x)", ""),
    (SIGMOID, {}, "tanh(x) = 2*σ(x) - 1", ""),
    (SIGMOID, {}, "σ'(0) = 1", "Left minus right is −3/4."),
    (SOFTMAX, VECTORS, "jacobian(p, z) = diag(p*(1 - p))", "In entry [0, 1]:"),
    (SOFTMAX, VECTORS, "jacobian(p, z) = outer(p, p) - diag(p)", "In entry [0, 0]:"),
    (SOFTMAX, VECTORS, "diff(-dot(y, log(p)), z) = p - y", "In entry [0]:"),
    (SOFTMAX, GENERAL, "diff(p[i], z[j]) = -p[i]*p[j]", "z[0]"),
    (SOFTMAX, GENERAL, "diff(p[i], z[j]) = delta(i, j)*p[i]*(1 - p[j])", ""),
    ({}, GENERAL, "log(sum(exp(z + c))) = log(sum(exp(z)))", "Left minus right is c."),
    ({}, GENERAL, "sum(z*y) = sum(z)*sum(y)", ""),
    # right for some numbers only
    ({}, {}, "sqrt(x^2) = x", "−x + abs(x)"),
    ({}, {}, "log(x^2) = 2*log(x)", "6.28319 i"),
    ({}, {}, "log(x*y) = log(x) + log(y)", "At x = −1, y = −2"),
    ({}, {}, "sqrt(x*y) = sqrt(x)*sqrt(y)", "1.41421 and the right side is −1.41421"),
    ({}, {}, "(x^2)^y = x^(2*y)", ""),
    ({}, {}, "(x^3)^(1/3) = x", "At x = −1"),
    ({}, {"w": "complex"}, "log(exp(w)) = w", " i"),
    ({}, {}, "sqrt(x^2 - 2*x*10^6 + 10^12) = 10^6 - x", "At x = 1000001"),
    ({}, {}, "log(x^2 - 2*x*10^6 + 10^12) = 2*log(10^6 - x)", ""),
    # nearly right
    ({}, {}, "exp(x) + 1e-20 = exp(x)", "2.718281828459045235370287"),
    ({}, {}, "exp(x) + 1e-200 = exp(x)", "Left minus right is 1e−200."),
    ({}, {}, "exp(x) + x/10^200 = exp(x)", "the same to 25 digits"),
    ({}, {}, "(1 + 1e-300*1e-300*x)*exp(x) = exp(x)", ""),
    ({}, {}, "sin(pi*x) = 0", "Left minus right is sin(pi*x)."),
    ({}, {}, "x*(x - 1)*(x + 1)*(x - 2)*(x + 2)*(x - 3)*(2*x - 1) = 0", ""),
    ({}, {}, "pi = 22/7", "The left side is 3.14159 and the right side is 3.14286."),
    ({}, {}, "exp(pi*sqrt(163)) = 262537412640768744", ""),
    # kinks
    ({}, {}, "max(0, x - 10^6) = 0", "At x = 1000001"),
    ({}, {}, "max(0, 1e-6 - abs(x - 0.123)) = 0", "At x = 0.123"),
    ({}, {}, "sign(x)^2 = 1", "At x = 0"),
    ({}, {}, "abs(x + y) = abs(x) + abs(y)", ""),
    ({}, {}, "max(-x, -y) = -max(x, y)", ""),
    ({}, {}, "max(c*x, c*y) = c*max(x, y)", "At c = −1"),
    ({}, {}, "diff(max(x, 0), x) = max(sign(x), 0) + 1", ""),
    ({}, {"m": "positive integer"}, "sum(k, k, 1, m) = m*(m - 1)/2", "At m = 1"),
    # inequalities
    ({}, VECTORS, "log(sum(exp(z))) <= max(z) + log(2)", "1.09861"),
    ({}, {}, "log(exp(x) + exp(y)) <= max(x, y)", ""),
    ({}, {}, "max(x, y) > min(x, y)", ""),
    ({}, {}, "exp(x) >= 1 + x + x^2", ""),
    ({}, {}, "log(x) <= x", "Only real numbers have an order."),
    ({}, {}, "x^2 > 0", "At x = 0"),
    ({}, POSITIVE, "log(a + c) = log(a) + log(c)", ""),
]

# A student's answers, what is said of them, by the line of FADED in test_derivation_judged.py.
ACCEPTED = {
    1: "f(1 - f); b sech^2((x - ln(b))/2)/(4b); b/(exp(x) + 2*b + b^2*exp(-x)); 1/(2 + exp(x)/b + b/exp(x))",
    2: "1 - f; 1/(1+exp(x)/b); b*e^(-x)/(1 + b*e^−x); b / (e**x + b); (1-tanh((x-ln(b))/2))/2; σ(log(b) - x);"
    "b·(exp(x)+b)²/(exp(x)+b)³; (exp(x)+b)^40/(exp(x)+b)^41*b; b e^-x/(1 + b e^-x); 1/(1 + e^(x - ln(b)))",
    3: "y + log(1 + e^{λ(x - y)})/λ; max(x, y) + log(1 + exp(-lambda*abs(x - y)))/lambda;"
    "(x + y)/2 + log(2*cosh(lam*(x - y)/2))/λ; ln(e^(λ x) + e^(λ y))/λ",
    4: "x + max(y - x, 0); -min(-x, -y); x + y - min(x, y); y + (x - y)(1 + sign(x - y))/2",
    5: "log(exp(λ*y) + exp(λ*x))/λ",
    6: "[[exp(-x)/(1 + exp(-x))^2, 0], [x - x, 1]]; diag([σ(x)σ(-x), 1])",
}
REFUSED = {
    (1, "f*(f - 1)"): "is off by its sign.",
    (2, "2*b/(exp(x) + b)"): "must be multiplied by 1/2.",
    (2, "b/(exp(x) - b)"): "the answer is 0.731059, yours is",
    (2, "f"): "the answer is",
    (2, "b/(exp(x) + b) + 1e-20"): "0.7310585786300048792611592",
    (2, "b/(exp(x) + b) + 1e-300"): "yours is the same to 25 digits",
    (2, "b/(exp(x) + b) + e^(-9000 - x^2)"): "yours is the same to 25 digits",
    (2, "f'/f"): "the other side again",
    (2, "diff(log(f), x)"): "Carry the derivative out",
    (3, "y + log(1 + exp(λ*(y - x)))/λ"): "the answer is",
    (4, "x"): "the answer is",
    (5, "max(x, y) + log(2)/λ"): "This is true, but it is another bound",
    (5, "max(x, y) - 1"): "the answer is",
    (6, "[[σ(x)*(1 - σ(x)), 0], [0, 0]]"): "in entry [1, 1]",
    (6, "[σ(x)*(1 - σ(x)), 1]"): "the answer is a 2 by 2 matrix, and this is a vector of 2",
}
HOSTILE = {
    "__import__('os').system('echo x')": "has no meaning in a formula here",
    "import os": "“import” is not defined here",
    "x.__class__": "“.” has no meaning",
    "(x := 2)": "“:” has no meaning",
    '"x"': "has no meaning",
    "[x for x in y]": "is not defined here",
    "x; y": "“;” has no meaning",
    "x\\ny": "has no meaning",
    "<script>alert(1)</script>": "“<” has no meaning",
    "__builtins__": "“__builtins__” is not defined here",
    "eval(x)": "“eval” is not a function here",
    "9**9**9**9": "This power is too large",
    "(((9^99)^99)^99)^99": "This power is too large",
    "*".join(["9^99"] * 40): "too large",
    "*".join(["9^99"] * 6): "the answer is",
    "x*" + "*".join(["7^99/2^99"] * 6): "the answer is",
    f"sqrt({10**50 + 151} * {10**50 + 447})": "the answer is",
    f"log({10**59 + 19}*{10**58 + 7}) + x^(1/3)": "the answer is",
    "x!": "“!” has no meaning",
    "1e999999999": "too long or too large",
    "9" * 400: "too long or too large",
    "(x + y + b)^1000000": "This power is too large",
    "((x + y + b + 1)^60)^60": "",
    "(x + y + b + λ + 1)^50 - (x + y + b + λ + 2)^50": "",
    "exp(exp(exp(exp(exp(exp(x))))))": "",
    "exp(10^300)": "",
    "exp(1e-300)*b/(exp(x) + b)": "the answer is",
    "b*erf(99)/(exp(x) + b)": "has no value anywhere",
    "tanh(tanh(tanh(tanh(tanh(tanh(x))))))": "",
    "σ(σ(σ(σ(σ(σ(σ(σ(x))))))))": "",
    "x^x^x^x^x^x": "",
    "sqrt(sqrt(sqrt(sqrt(x^2 + b^2) + x) + b) + x)": "",
    "+".join(f"exp(x/{p})" for p in (7, 11, 13, 17, 19, 23)): "",
    "sum(k, k, 0, 10^9)": "A sum may have 100 terms",
    "sum(sum(sum(k*j*l, k, 1, 90), j, 1, 90), l, 1, 90)": "A sum may have 100 terms",
    "(" * 90 + "x" + ")" * 90: "more than 20 levels",
    "-" * 150 + "x": "more than 20 levels",
    "x+" * 3000 + "x": "a formula may have 500",
    "+".join("x" * 150): "a formula may have 200",
    "х": "CYRILLIC SMALL LETTER HA",
    "ｘ": "did you mean x?",
    "٣": "ARABIC-INDIC DIGIT THREE has no meaning",
    "\u202ex": "RIGHT-TO-LEFT OVERRIDE",
    "\ud800": "has no meaning",
    "exq(x)": "did you mean exp?",
    "σ": "σ is a function",
    "exp(x, y)": "exp takes 1 argument, not 2",
    "exp()": "Something is missing before",
    "exp(x": "“)” is missing before the end",
    "x))": "“)” is not expected there",
    "x 2": "An operator such as * is missing",
    "1/2x": "What is below the line?",
    "e^2x": "What is the exponent?",
    "e^λx": "What is the exponent?",
    "ln b": "ln needs brackets: ln(b).",
    "1/(x - x)": "divides by zero",
    "log(0)": "logarithm of zero",
    "x[0]": "Only a vector or a matrix has entries",
    "[x, y][7]": "there is no entry 7",
    "[1, 2] + [1, 2, 3]": "Vectors of 2 and 3 entries",
    "[[1, 2], [3]]": "equally long",
    "x^[1, 2]": "the answer is a number",
}

# To be written and read again.
WRITTEN = (
    "x - (y - b); x/(y*b); x*(y/b); (x*y)^b; x^(y^b); (x^y)^b; -x^2; (-x)^2; -(x + y); x - -y; 2*-x; "
    "-x/y; 2^-x; -(x/y)*b; (x @ y) * b; f''/f'; σ'(x + 1); z[0]*[1, 2][i]; "
    "[[1, x], [y, 2]] @ [x, y]; 1e-20 + 0.5"
)
