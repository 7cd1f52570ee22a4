using System.Globalization;
using EnterprisePortal.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(TestOrder))]

namespace EnterprisePortal.Tests.Support;

/// <summary>
/// The same order on every machine; xunit's own depends on the folder. <c>TestOrder=3 ./test.sh Services</c> shuffles instead, differently
/// for each number: tests that share a fixture must not depend on their order.
/// </summary>
public sealed class TestOrder : ITestCaseOrderer
{
    static readonly string? seed = Environment.GetEnvironmentVariable(nameof(TestOrder));

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase
    {
        var ordered = testCases.OrderBy(test => test.TestCaseDisplayName, StringComparer.Ordinal).ToArray();
        if (int.TryParse(seed, CultureInfo.InvariantCulture, out var number))
            new Random(number).Shuffle(ordered);
        return ordered;
    }
}
