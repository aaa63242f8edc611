from sklearn.datasets import load_iris
from sklearn.tree import DecisionTreeClassifier


def rules(tree, node, depth=0):
    if tree.feature[node] == -1:
        return [" " * depth + "leaf"]
    left = rules(tree, tree.children_left[node], depth + 1)
    right = rules(tree, tree.children_right[node], depth + 1)
    return left + ["split on %d" % tree.feature[node]] + right


X, y = load_iris(return_X_y=True)
clf = DecisionTreeClassifier(max_depth=3).fit(X, y)
print("\n".join(rules(clf.tree_, 0)))
