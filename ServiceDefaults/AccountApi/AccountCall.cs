using Polly;

namespace EnterprisePortal.ServiceDefaults.AccountApi;

/// <summary>An account system that cannot be reached or understood. <see cref="Exception.Message"/> is for staff.</summary>
public sealed class AccountUnavailable(string problem, Exception? inner = null) : Exception(problem, inner);

/// <summary>
/// Puts a deadline on a call to an account. An account that is silent or down is an <see cref="AccountUnavailable"/>; a caller that has
/// left is an <see cref="OperationCanceledException"/>, as everywhere.
/// </summary>
public static class AccountCall
{
    internal const string Late = "The account did not answer in time.";

    public static async Task<T> Within<T>(TimeSpan deadline, TimeProvider clock, Func<CancellationToken, Task<T>> call,
        CancellationToken cancel, string late = Late)
    {
        using var time = new CancellationTokenSource(deadline, clock);
        return await Before(call, late, time.Token, cancel);
    }

    /// <param name="deadline">A deadline shared by several calls that began together.</param>
    internal static async Task<T> Before<T>(Func<CancellationToken, Task<T>> call, string late,
        CancellationToken deadline, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancel);
        try
        {
            return await call(either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
        {
            throw new AccountUnavailable("The account did not answer.", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new AccountUnavailable(late, e);
        }
    }
}
