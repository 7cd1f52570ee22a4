namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>A payment or a credit, and its unapplied remainder.</summary>
sealed class DemoMoney(long id, bool isCredit)
{
    public long Id => id;
    public bool IsCredit => isCredit;
    public decimal Left { get; set; }
}

/// <summary>A charge, with the payments applied to it.</summary>
sealed class DemoCharge(long id, DateOnly due, decimal total, decimal tax, object?[] row)
{
    decimal paid, paidTax;

    public long Id => id;
    public DateOnly Due => due;
    public object?[] Row => row;
    public decimal Open => total - paid;
    public Dictionary<DemoMoney, decimal> PaidBy { get; } = [];

    /// <returns>The tax in the amount: its share; the last payment absorbs the rounding.</returns>
    public decimal Pay(DemoMoney by, decimal amount)
    {
        var share = amount == Open ? tax - paidTax : Math.Round(tax * amount / total, 2);
        paid += amount;
        paidTax += share;
        PaidBy[by] = PaidBy.GetValueOrDefault(by) + amount;
        return share;
    }

    public decimal TakeBack(DemoMoney from, decimal amount)
    {
        var share = amount == paid ? paidTax : Math.Round(tax * amount / total, 2);
        paid -= amount;
        paidTax -= share;
        if ((PaidBy[from] -= amount) == 0)
            PaidBy.Remove(from);
        return share;
    }
}
