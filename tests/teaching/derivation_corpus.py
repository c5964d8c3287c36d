"""Claims and answers that the judge of derivations must get right: true, false and hostile ones."""

from __future__ import annotations

SIGMOID = {"σ(t)": "1/(1 + exp(-t))"}
TWO_CLASSES = {"f": "exp(x)/(exp(x) + b)"}
SOFTMAX = {"p": "exp(z)/sum(exp(z))"}
VECTORS = dict.fromkeys("zyv", "real vector 3")
GENERAL = {"z": "real vector n", "y": "real vector n", "i": "index", "j": "index"}
POSITIVE = dict.fromkeys("abcpqTμλ", "positive")

# name: (definitions, assumptions, claims)
PROVED = {
    "sigmoid": (
        {**SIGMOID, "relu(t)": "max(t, 0)", "gelu": "x*(1 + erf(x/sqrt(2)))/2"}, {},
        "σ'(x) = exp(-x)/(1 + exp(-x))^2; σ'(x) = σ(x)*(1 - σ(x)); σ(-x) = 1 - σ(x); tanh(x) = 2*σ(2*x) - 1;"
        "σ'(x) <= 1/4; σ'(x) >= 0; σ''(x) = σ'(x)*(1 - 2*σ(x)); diff(log(1 + exp(x)), x) = σ(x);"
        "diff(tanh(x), x) = 1/cosh(x)^2; tanh(2*x) = 2*tanh(x)/(1 + tanh(x)^2);"
        "relu(x) - relu(-x) = x; relu(x) + relu(-x) = abs(x); diff(relu(x), x) = (1 + sign(x))/2;"
        "diff(gelu, x) = (1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi);"
        "diff(relu(x) + min(exp(x) - 1, 0), x) = min(exp(x), 1);"
        "log(1 + exp(x)) = relu(x) + log(1 + exp(-abs(x)))",
    ),
    "two classes": (
        TWO_CLASSES, POSITIVE,
        "f' = (exp(x)*(exp(x) + b) - exp(x)*exp(x))/(exp(x) + b)^2; f'/f = b/(exp(x) + b); f'/f = 1 - f;"
        "diff(-y*log(f) - (1 - y)*log(1 - f), x) = f - y; 1 - f = (1 - tanh((x - log(b))/2))/2",
    ),
    "LSE of two": (
        {"LSE(s, t)": "log(exp(λ*s) + exp(λ*t))/λ"}, POSITIVE,
        "log(exp(x) + exp(y)) = z + log(exp(x - z) + exp(y - z)); max(x, y) <= LSE(x, y);"
        "LSE(x, y) = max(x, y) + log(1 + exp(-λ*abs(x - y)))/λ; LSE(x, y) <= max(x, y) + log(2)/λ;"
        "LSE(x + z, y + z) = LSE(x, y) + z; diff(LSE(x, y), x) = exp(λ*x)/(exp(λ*x) + exp(λ*y));"
        "LSE(x, y) = (x + y)/2 + log(2*cosh(λ*(x - y)/2))/λ",
    ),
    "LSE of three": (
        {"L": "log(sum(exp(λ*z)))/λ"}, {**VECTORS, "λ": "positive"},
        "max(z) <= L; L <= max(z) + log(3)/λ",
    ),
    "softmax of three": (
        {**SOFTMAX, "q": "exp(λ*z)/sum(exp(λ*z))"}, {**VECTORS, "λ": "positive"},
        "jacobian(p, z) = diag(p) - outer(p, p); transpose(jacobian(p, z)) @ v = p*(v - dot(p, v));"
        "diff(-dot(y, log(p)), z) = p*sum(y) - y; sum(p) = 1; sum(y[k]*z[k], k) = dot(y, z);"
        "jacobian(diff(log(sum(exp(λ*z)))/λ, z), z) = λ*(diag(q) - outer(q, q))",
    ),
    "softmax of n": (
        SOFTMAX, {**GENERAL, "λ": "positive"},
        "diff(p[i], z[j]) = p[i]*(delta(i, j) - p[j]); diff(-sum(y*log(p)), z[i]) = p[i]*sum(y) - y[i];"
        "delta(i, j)*p[i] = delta(i, j)*p[j]; diff(p[i], z[j]) = p[j]*(delta(i, j) - p[i]); sum(p) = 1;"
        "log(p[i]) = z[i] - log(sum(exp(z))); diff(log(sum(exp(λ*z)))/λ, z[i]) = exp(λ*z[i])/sum(exp(λ*z));"
        "sum(sum(z), k) = n*sum(z); sum(1, k) = n; sum(z[i]*(1 - 1), k) = 0;"
        "sum(exp(z[k]), k) = sum(exp(z)); sum(delta(i, k)*z[k], k) = z[i];"
        "log(sum(exp(λ*z)))/λ = c + log(sum(exp(λ*(z - c))))/λ;"
        "sum(y*(z - log(sum(exp(z))))) = dot(y, z) - sum(y)*log(sum(exp(z)))",
    ),
    "max, min, abs, sign": (
        {}, {"c": "nonnegative"},
        "max(x, y) = (x + y + abs(x - y))/2; max(x, y)*min(x, y) = x*y; sqrt(x^2 - 2*x + 1) = abs(x - 1);"
        "x*sign(x) = abs(x); abs(x + y) <= abs(x) + abs(y); max(c*x, c*y) = c*max(x, y);"
        "max(x, y, w) = max(max(x, y), w); log(x^2) = 2*log(abs(x)); log(3*x) = log(3) + log(x)",
    ),
    "powers, logarithms, order": (
        {}, {**POSITIVE, "u": "nonnegative"},
        "log(a*c) = log(a) + log(c); a^x*a^y = a^(x + y); log(a^x) = x*log(a); 1/(sqrt(2) - 1) = 1 + sqrt(2);"
        "(p/q)^(1/T) = exp((log(p) - log(q))/T); sqrt(a*c) <= (a + c)/2; x*y <= (x^2 + y^2)/2; cosh(x) >= 1;"
        "exp(x) >= 1 + x; log(1 + u) <= u; log(a) <= a - 1; a*log(a/b) >= a - b; log(12) = 2*log(2) + log(3);"
        "sqrt(a + 1 + 2*sqrt(a)) = 1 + sqrt(a); sqrt(x^4 + 1)^2 = x^4 + 1",
    ),
}  # fmt: skip

# Right, and out of reach of the proofs.
AGREES = (
    "sqrt(3 + 2*sqrt(2)) = 1 + sqrt(2); sin(2*x) = 2*sin(x)*cos(x); max(exp(x), exp(y)) = exp(max(x, y));"
    "log(sin(x)^2) = 2*log(abs(sin(x)))"
)

# (definitions, assumptions): false claims, each with what the message says
FALSE = [
    (TWO_CLASSES, POSITIVE, {
        "f'/f = -b/(exp(x) + b)": "right is 2*b/(b + exp(x)).",
        "f' = exp(x)*b/(exp(x) + b)": "",
        "f' = (exp(x)*exp(x) - exp(x)*(exp(x) + b))/(exp(x) + b)^2": "2*b*exp(x)/(b + exp(x))^2",
        "log(a + c) = log(a) + log(c)": "",
    }),
    (SIGMOID, {}, {
        "σ'(x) = σ(x)*(σ(x) - 1)": "Left is −1 times right.",
        "tanh(x) = 2*σ(x) - 1": "",
        "σ'(0) = 1": "Left minus right is −3/4.",
    }),
    (SOFTMAX, VECTORS, {
        "jacobian(p, z) = diag(p*(1 - p))": "In entry [0, 1]:",
        "jacobian(p, z) = outer(p, p) - diag(p)": "In entry [0, 0]:",
        "diff(-dot(y, log(p)), z) = p - y": "In entry [0]:",
        "log(sum(exp(z))) <= max(z) + log(2)": "1.09861",
    }),
    (SOFTMAX, GENERAL, {
        "diff(p[i], z[j]) = -p[i]*p[j]": "At i = 0, j = 0, n = 2, z[0] = 1, z[1] = −1 the left side is",
        "diff(p[i], z[j]) = delta(i, j)*p[i]*(1 - p[j])": "",
        "log(sum(exp(z + c))) = log(sum(exp(z)))": "Left minus right is c.",
        "sum(z*y) = sum(z)*sum(y)": "",
    }),
    ({}, {}, {
        "diff(x^2, x) = x": "Left is 2 times right.",
        "diff(exp(2*x), x) = exp(2*x)": "Left minus right is exp(2*x).",
        "diff(tanh(x), x) = 1 - tanh(x)": "",
        # right for some numbers only
        "sqrt(x^2) = x": "−x + abs(x)",
        "log(x^2) = 2*log(x)": "6.28319 i",
        "log(x*y) = log(x) + log(y)": "At x = −1, y = −2",
        "sqrt(x*y) = sqrt(x)*sqrt(y)": "1.41421 and the right side is −1.41421",
        "(x^2)^y = x^(2*y)": "",
        "(x^3)^(1/3) = x": "At x = −1",
        "sqrt(x^2 - 2*x*10^6 + 10^12) = 10^6 - x": "At x = 1000001",
        "log(x^2 - 2*x*10^9 + 10^18) = 2*log(10^9 - x)": "",
        # nearly right
        "exp(x) + 1e-20 = exp(x)": "2.718281828459045235370287",
        "exp(x) + 1e-200 = exp(x)": "Left minus right is 1e−200.",
        "exp(x) + x/10^200 = exp(x)": "the same to 25 digits",
        "(1 + 1e-300*1e-300*x)*exp(x) = exp(x)": "",
        "sin(pi*x) = 0": "Left minus right is sin(pi*x).",
        "x*(x - 1)*(x + 1)*(x - 2)*(x + 2)*(x - 3)*(2*x - 1) = 0": "",
        "pi = 22/7": "The left side is 3.14159 and the right side is 3.14286.",
        "exp(pi*sqrt(163)) = 262537412640768744": "",
        # kinks
        "max(0, x - 10^6) = 0": "At x = 1000001",
        "max(0, 1e-6 - abs(x - 0.123)) = 0": "At x = 0.123",
        "sign(x)^2 = 1": "At x = 0",
        "abs(x + y) = abs(x) + abs(y)": "",
        "max(-x, -y) = -max(x, y)": "",
        "max(c*x, c*y) = c*max(x, y)": "At c = −1",
        "diff(max(x, 0), x) = max(sign(x), 0) + 1": "",
        # inequalities
        "log(exp(x) + exp(y)) <= max(x, y)": "",
        "exp(x) >= 1 + x + x^2": "",
        "log(x) <= x": "Only real numbers have an order.",
        "x^2 <= 0": "At x = 1",
        "-x^2 >= 0": "Left minus right is −x^2. At x = 1 the left side is −1 and the right side is 0.",
        "b >= 2*b": "Left is 1/2 times right. At b = 1 the left side is 1 and the right side is 2.",
        "log(x) >= 0": "Only real numbers have an order.",
    }),
]  # fmt: skip

# A student's answers and what is said of them, by the line of FADED in test_derivation_judged.py.
ACCEPTED = {
    1: "f(1 - f); b sech^2((x - ln(b))/2)/(4b); b/(exp(x) + 2*b + b^2*exp(-x)); 1/(2 + exp(x)/b + b/exp(x))",
    2: "1 - f; 1/(1+exp(x)/b); b*e^(-x)/(1 + b*e^−x); b / (e**x + b); (1-tanh((x-ln(b))/2))/2; σ(log(b) - x);"
    "b·(exp(x)+b)²/(exp(x)+b)³; (exp(x)+b)^40/(exp(x)+b)^41*b; b e^-x/(1 + b e^-x); 1/(1 + e^(x - ln(b)))",
    3: "y + log(1 + e^{λ(x - y)})/λ; max(x, y) + log(1 + exp(-lambda*abs(x - y)))/lambda;"
    "(x + y)/2 + log(2*cosh(lam*(x - y)/2))/λ",
    4: "x + max(y - x, 0); -min(-x, -y); x + y - min(x, y); y + (x - y)(1 + sign(x - y))/2",
    5: "log(exp(λ*y) + exp(λ*x))/λ",
    6: "[[exp(-x)/(1 + exp(-x))^2, 0], [x - x, 1]]; diag([σ(x)σ(-x), 1]); (f/f)[[σ(x) - σ(x)², 0], [0, 1]]",
}
REFUSED = {
    (1, "f*(f - 1)"): "is off by its sign.",
    (2, "2*b/(exp(x) + b)"): "must be multiplied by 1/2.",
    (2, "b/(exp(x) - b)"): "the answer is 0.731059, yours is",
    (2, "f"): "the answer is",
    (2, "b/(exp(x) + b) + 1e-20"): "0.7310585786300048792611592",
    (2, "b/(exp(x) + b) + 1e-300"): "yours is the same to 25 digits",
    (2, "b/(exp(x) + b) + e^(-9000 - x^2)"): "yours is the same to 25 digits",
    (2, "b/(exp(x) + b) + log((x - 10^4)^2) - 2log(10^4 - x)"): "the answer is",
    (2, "f'/f"): "the other side again",
    (2, "diff(log(f), x)"): "Carry the derivative out",
    (3, "y + log(1 + exp(λ*(y - x)))/λ"): "the answer is",
    (3, "ln(e^(λ x) + e^(λ y))/λ"): "the other side again",
    (4, "x"): "the answer is",
    (5, "max(x, y) + log(2)/λ"): "This is true, but it is another bound",
    (5, "max(x, y) - 1"): "the answer is",
    (6, "[[σ(x)*(1 - σ(x)), 0], [0, 0]]"): "in entry [1, 1]",
    (6, "[σ(x)*(1 - σ(x)), 1]"): "the answer is a 2 by 2 matrix, and this is a vector of 2",
}

# what is said: texts, one a line
HOSTILE = {
    "has no meaning": """__import__('os').system('echo x')
        x.__class__
        (x := 2)
        "x"
        x; y
        x\\ny
        x!
        \ud800
        f #comment""",
    "to the right of the sign": "<script>alert(1)</script>\n= f\nf'/f = f",
    "f is no function here: write f, or f*x for the product.": "f(x)\n1 - f(x)",
    "not defined here": "import os\n[x for x in y]\n__builtins__",
    "not a function": "eval(x)\nexq(x)",
    "too large": "9**9**9**9\n(((9^99)^99)^99)^99\n1e999999999\n(x + y + b)^1000000\n"
    + "\n".join(("9" * 400, "*".join(["9^99"] * 40))),
    "the answer is": "\n".join(
        (
            "*".join(["9^99"] * 6),
            "x*" + "*".join(["7^99/2^99"] * 6),
            f"sqrt({10**50 + 151} * {10**50 + 447})",
            f"log({10**59 + 19}*{10**58 + 7}) + x^(1/3)",
            "exp(1e-300)*b/(exp(x) + b)",
            "x^[1, 2]",
        )
    ),
    "": "((x + y + b + 1)^60)^60\n(x + y + b + λ + 1)^50 - (x + y + b + λ + 2)^50\n"
    "exp(exp(exp(exp(exp(x)))))\nexp(10^300)\ntanh(tanh(tanh(tanh(tanh(x)))))\nσ(σ(σ(σ(σ(σ(σ(x)))))))\nx^x^x^x^x^x\n"
    "sqrt(sqrt(sqrt(sqrt(x^2 + b^2) + x) + b) + x)\n" + "+".join(f"exp(x/{p})" for p in (7, 11, 13, 17, 19)),
    "could both sides be worked out": "b*erf(99)/(exp(x) + b)",
    "argument": "sum(k, k, 0, 10^9)\nexp(x, y)",
    "20 levels": "(" * 90 + "x" + ")" * 90 + "\n" + "-" * 150 + "x",
    "a formula may have": "x+" * 3000 + "x\n" + "+".join("x" * 150),
    "CYRILLIC SMALL LETTER HA": "х",
    "did you mean x?": "ｘ",
    "ARABIC-INDIC DIGIT THREE": "٣",
    "RIGHT-TO-LEFT OVERRIDE": "\u202ex",
    "σ is a function": "σ",
    "missing": "exp()\nexp(x\nx 2",
    "is not expected there": "x))",
    "What is": "1/2x\ne^2x\ne^λx",
    "needs brackets: ln(b).": "ln b",
    "divides by zero or takes the logarithm of zero": "1/(x - x)\nlog(0)",
    "has entries": "x[0]",
    "there is no entry 7": "[x, y][7]",
    "A vector of 2 and a vector of 3 cannot be joined": "[1, 2] + [1, 2, 3]",
    "equally many entries": "[[1, 2], [3]]",
}

# What is no formula, or has no value: the vector that is assumed, the whole sentence, and texts.
NOT_UNDERSTOOD: dict[tuple[str, str], str] = {
    ("", "This has 501 characters, and a formula may have 500."): "x" * 501,
    ("", "This has 201 names and signs, and a formula may have 200."): "x" + "+x" * 100,
    ("", "This is nested more than 20 levels deep."): "(" * 20 + "x" + ")" * 20,
    ("", "There is no formula yet."): " ",
    ("", "“!” has no meaning in a formula here."): "x!",
    ("", "An operator such as * is missing before “3”."): "2 3; (x) 3",
    ("", "“]” is not expected there."): "x]; x*y]",
    ("", "“)” is missing before the end."): "(x; exp(x",
    ("", "“]” is missing before “)”."): "([x)",
    ("", "A number, a name or a bracket is missing before the end."): "x*; x^; x +",
    ("", "A number, a name or a bracket is missing before “*”."): "*x; x + *y",
    ("", "Something is missing before “)”."): "exp()",
    ("", "What is below the line? Write a bracket or * before “x”."): "1/2x",
    ("", "What is the exponent? Write a bracket, or * before “x”."): "e^2x",
    ("", f"The number {'1' * 20}… is too long or too large here."): "1" * 61,
    ("", "More than four primes are not read as a derivative."): "f'''''; g'''''(x, y)",
    ("", "log needs brackets: log(x)."): "log x",
    ("", "“exq” is not a function here; did you mean exp?"): "exq(x)",
    ("", "Write only what stands to the right of the sign."): "<= x; ≤ 1; x[0] >= (x)",
    ("", "“<” has no meaning in a formula here."): "(x < 1); [x < 1]",
    ("", "“log2” is not a function here; write log(x)/log(2)."): "log2(x)",
    ("", "Σ needs brackets: Σ(x)."): "Σ x",
    ("", "f is not a function; write f*(…) for a product."): "f(x); f(x + 1)",
    ("", "The rows of a matrix have equally many entries, and a known number."): "[[1, 2], [3]]; [[1, 2], 3]",
    ("", "g is a function: write g(…, …)."): "g; g + x",
    ("", "s is a function: write s(x)."): "1 - s",
    ("", "Write the derivative of g with diff."): "g'(x, x)",
    ("", "exp takes 1 argument, not 2."): "exp(x, x)",
    ("", "g takes 2 arguments, not 1."): "g(x)",
    ("", "sum takes 1 to 2 arguments, not 3."): "sum(x, x, x)",
    ("", "A sum is written sum(v), or sum(term, k) with the number k of an entry."): "sum(x, k)",
    ("", "A sum needs vectors or matrices."): "sum(x); dot(x, x)",
    ("", "A vector of 2 and a vector of 3 cannot be joined."): "[1, 2] + [1, 2, 3]",
    ("", "A vector of 2 and a vector of 3 cannot be multiplied."): "[1, 2] @ [1, 2, 3]",
    ("", "@ joins vectors and matrices with known entries."): "x @ [1, 2]; [1, 2] @ x",
    ("", "This divides by zero or takes the logarithm of zero."): "1/(x - x); log(0); 0^-1; 0^(x - x - 1)",
    ("", "The numbers in this are too large or too small to be worked out here."): "*".join(["9^99"] * 40),
    ("", "This grows too large when the definitions are put in."): "*".join(
        f"sin(h + {k})" for k in range(20)
    ),
    ("", "This power is too large to be worked out here."): "x^2000001; (h^2 + 1)^99",
    ("", "Only a vector or a matrix has entries."): "x[0]",
    ("", "An index must be a whole number here."): "[x, 1][0.5]; [x, 1][x]",
    ("", "The entries are numbered 0 to 1, so there is no entry 2."): "[x, 1][2]",
    ("", "The entries are numbered 0 to 2, so there is no entry -1."): "[x, 1, 2][-1]",
    ("", "max takes a vector or several real numbers."): "max(x)",
    ("", "outer needs vectors."): "outer(x, [1, 2])",
    ("", "transpose needs matrices; write outer(a, b) for a bᵀ."): "transpose([x, 1])",
    ("", "delta takes two numbers, such as the indices i and j."): "delta([1, 2], 1)",
    ("", "diff needs a symbol to differentiate by, such as x or z[0]."): "diff(x^2, 2); diff(x^2, x + 1)",
    ("", "The left side is a vector of 2, but the right side is a number."): "[x, 1]",
    ("z", "f' needs a variable; write diff(f, …) instead."): "f'",
    ("z", "k is not a function; write k*(…) for a product."): "sum(k(2), k)",
    ("z", "A sum is written sum(v), or sum(term, k) with the number k of an entry."): "sum(z, 2)",
    (
        "z",
        "delta takes two indices here.",
    ): "sum(delta(5, k), k); sum(delta(i, k + 1)*z[k], k); sum(delta(n, k), k)",
    ("z", "A sum over all entries cannot have another one's counter inside."): (
        "sum(sum(z[k]*z[l], k), l); sum(z[k]*sum(z*z[k]), k)"
    ),
    (
        "z",
        "A sum over all entries adds numbers here, not vectors or matrices.",
    ): "sum([k], k); sum([[k, k]], k)",
    (
        "z",
        "delta takes two numbers, such as the indices i and j.",
    ): "delta(z, 1); delta(1, z); sum(delta(z, 1))",
    ("z", "A sum needs vectors or matrices."): "sum(i)",
    (
        "z",
        "An entry of a vector of symbolic length is named by an index such as i.",
    ): "z[0]; z[i + 1]; z[[i, k]]",
    ("z", "A vector of 2 and a vector of symbolic length cannot be joined."): "z + [1, 2]",
    ("z", "min takes a vector or several real numbers."): "min(z)",
    ("z", "Write a vector of symbolic length entry by entry, with an index such as i."): "z = z; z + z = 2z",
    ("z", "Write it entry by entry, with indices such as i and j."): "diff(z, z); outer(z, z); diag(z)",
    ("z", "The left side is a vector of symbolic length, but the right side is a number."): "z",
}

# To be written and read again.
WRITTEN = (
    "x - (y - b); x/(y*b); x*(y/b); (x*y)^b; x^(y^b); (x^y)^b; -x^2; (-x)^2; -(x + y); x - -y; 2*-x; "
    "-x/y; 2^-x; -(x/y)*b; (x @ y) * b; f''/f'; σ'(x + 1); z[0]*[1, 2][i]; "
    "[[1, x], [y, 2]] @ [x, y]; 1e-20 + 0.5"
)
