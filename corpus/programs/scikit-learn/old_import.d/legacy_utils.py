from sklearn.cross_validation import cross_val_score


def evaluate(model, X, y):
    return cross_val_score(model, X, y, cv=5).mean()
